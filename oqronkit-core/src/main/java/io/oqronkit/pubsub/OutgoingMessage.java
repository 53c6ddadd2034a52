package io.oqronkit.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payload with what travels beside it. Immutable: every method returns a copy.
 *
 * <pre>{@code
 * orders.publish(OutgoingMessage.of(event).key("cust-7").header("source", "checkout"));
 * }</pre>
 *
 * @param <T> type of the payload
 */
public final class OutgoingMessage<T> {

    private static final int MAX_HEADERS = 64;
    private static final int MAX_HEADER_CHARS = 8 * 1024;
    private static final int MAX_KEY_CHARS = 1024;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final T payload;
    private final @Nullable String key;
    private final Map<String, String> headers;
    private final @Nullable String idempotencyKey;
    private final @Nullable Duration timeToLive;
    private final Due due;

    private OutgoingMessage(
            T payload,
            @Nullable String key,
            Map<String, String> headers,
            @Nullable String idempotencyKey,
            @Nullable Duration timeToLive,
            Due due) {
        this.payload = payload;
        this.key = key;
        this.headers = headers;
        this.idempotencyKey = idempotencyKey;
        this.timeToLive = timeToLive;
        this.due = due;
    }

    /** When the message enters the log: after a while, at a time, or, where both are null, at once. */
    private record Due(@Nullable Duration after, @Nullable Instant at) {
        static final Due NOW = new Due(null, null);
    }

    /** @throws IllegalArgumentException if the payload is null */
    public static <T> OutgoingMessage<T> of(T payload) {
        return new OutgoingMessage<>(Checks.notNull("payload", payload), null, Map.of(), null, null, Due.NOW);
    }

    /**
     * The partition key: messages with the same key go to the same partition, in the order they were published.
     *
     * @throws IllegalArgumentException unless it has 1 to 1,024 characters
     */
    public OutgoingMessage<T> key(String key) {
        Checks.between("length of key", Checks.notNull("key", key).length(), 1, MAX_KEY_CHARS);
        return new OutgoingMessage<>(payload, key, headers, idempotencyKey, timeToLive, due);
    }

    /**
     * Adds a header, or replaces the one of that name. Empty values survive.
     *
     * @throws IllegalArgumentException if the name is empty or reserved ({@code oqron-}), holds control characters, or
     *     the message would have more than 64 headers or 8 KiB of them
     */
    public OutgoingMessage<T> header(String name, String value) {
        return headers(Map.of(Checks.notNull("header name", name), Checks.notNull("value of header " + name, value)));
    }

    /** Adds all of them, each as {@link #header(String, String)} does. */
    public OutgoingMessage<T> headers(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(Checks.notNull("headers", more));
        return new OutgoingMessage<>(
                payload, key, Collections.unmodifiableMap(checked(all)), idempotencyKey, timeToLive, due);
    }

    /**
     * The publisher's name for this message: within the topic's idempotency window a second message of that name is not
     * stored, and its receipt is that of the first, marked as duplicate. Without a key it also chooses the partition;
     * the same idempotency key under two different keys is not noticed.
     *
     * @throws IllegalArgumentException unless it has 1 to 1,024 characters
     */
    public OutgoingMessage<T> idempotencyKey(String idempotencyKey) {
        Checks.between(
                "length of idempotencyKey",
                Checks.notNull("idempotencyKey", idempotencyKey).length(),
                1,
                MAX_KEY_CHARS);
        return new OutgoingMessage<>(payload, key, headers, idempotencyKey, timeToLive, due);
    }

    /**
     * How long after it entered the log the message is worth handling, 1 ms to 365 days; afterwards groups settle it without
     * handling it, and never dead-letter it. Measured by the consumer's clock against the time Redis stored it.
     */
    public OutgoingMessage<T> timeToLive(Duration timeToLive) {
        Checks.between("timeToLive", timeToLive, Duration.ofMillis(1), LONGEST);
        return new OutgoingMessage<>(payload, key, headers, idempotencyKey, timeToLive, due);
    }

    /**
     * Holds the message back, 1 ms to 365 days from when Redis gets it: it is stored at once and safe, but enters the log,
     * where groups see it, only when its time has come; never earlier, and at most a second later while any process has
     * the topic open. Replaces {@link #deliverAt}.
     */
    public OutgoingMessage<T> delay(Duration delay) {
        Checks.between("delay", delay, Duration.ofMillis(1), LONGEST);
        return new OutgoingMessage<>(payload, key, headers, idempotencyKey, timeToLive, new Due(delay, null));
    }

    /**
     * Holds the message back until a time of Redis's clock, at most 365 days from now; at once if that has passed.
     * Otherwise as {@link #delay}, which it replaces.
     */
    public OutgoingMessage<T> deliverAt(Instant time) {
        Instant latest = Instant.now().plus(LONGEST);
        if (Checks.notNull("deliverAt", time).isAfter(latest)) {
            throw new IllegalArgumentException("deliverAt must be at most %s, 365 days from now, but was %s"
                    .formatted(latest.truncatedTo(ChronoUnit.SECONDS), time));
        }
        return new OutgoingMessage<>(payload, key, headers, idempotencyKey, timeToLive, new Due(null, time));
    }

    private static Map<String, String> checked(Map<String, String> headers) {
        Checks.between("number of headers", headers.size(), 0, MAX_HEADERS);
        int size = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String name = Checks.notNull("header name", header.getKey());
            Checks.notNull("value of header " + name, header.getValue());
            if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "header name '%s' is not allowed: it must not be empty or hold control characters"
                                .formatted(name.replaceAll("\\p{Cntrl}", "?")));
            }
            if (name.regionMatches(true, 0, "oqron-", 0, 6)) {
                throw new IllegalArgumentException(
                        "header name '%s' is not allowed: names that begin with 'oqron-' are reserved".formatted(name));
            }
            size += name.length() + header.getValue().length();
        }
        Checks.between("size of headers in characters", size, 0, MAX_HEADER_CHARS);
        return headers;
    }

    public T payload() {
        return payload;
    }

    public @Nullable String key() {
        return key;
    }

    public Map<String, String> headers() {
        return headers;
    }

    public @Nullable Duration timeToLive() {
        return timeToLive;
    }

    public @Nullable Duration delay() {
        return due.after();
    }

    public @Nullable Instant deliverAt() {
        return due.at();
    }

    public @Nullable String idempotencyKey() {
        return idempotencyKey;
    }

    @Override
    public String toString() {
        return "OutgoingMessage[key=" + key + ", headers=" + headers.keySet() + "]";
    }
}
