package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Stores messages: {@code publish.lua} and {@code publish_special.lua}. Safe for concurrent use. */
public final class PublishSteps implements BatchStore {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] PAYLOAD = Bytes.of(1);
    private static final byte[] PAYLOAD_KEY_HEADERS = Bytes.of(3);

    private final RedisLink link;
    private final byte[][] keys;
    private final byte[][] plainKeys; // the first of them, for messages without idempotency key and time
    private final byte[] producer;
    private final byte[] idempotencyWindow;
    private final Supplier<OptionalLong> cap;
    private final LongConsumer onScheduled;

    /**
     * @param idempotencyWindow how long an idempotency key is remembered
     * @param cap how many messages the partition may hold at the moment; empty for any number
     * @param onScheduled told when the next message of a batch with scheduled ones is due, in ms of Redis's clock
     */
    public PublishSteps(
            RedisLink link,
            PartitionKeys keys,
            String producer,
            Duration idempotencyWindow,
            Supplier<OptionalLong> cap,
            LongConsumer onScheduled) {
        this.link = link;
        this.keys = keys.ofPublish();
        this.plainKeys = Arrays.copyOf(this.keys, 3);
        this.producer = Bytes.of(producer);
        this.idempotencyWindow = Bytes.of(idempotencyWindow.toMillis());
        this.cap = cap;
        this.onScheduled = onScheduled;
    }

    /**
     * One message in the form in which it is stored; key, headers and idempotency key are empty if there are none.
     *
     * @param time when it enters the log, of {@link #in} or {@link #at}; empty for now
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; see StoredEntry
    public record EncodedMessage(byte[] payload, byte[] key, byte[] headers, byte[] idempotencyKey, byte[] time) {
        public int size() {
            return payload.length + key.length + headers.length + idempotencyKey.length;
        }

        boolean isSpecial() {
            return idempotencyKey.length > 0 || time.length > 0;
        }

        boolean isBare() {
            return key.length == 0 && headers.length == 0;
        }
    }

    /** So long after Redis has got the message, rounded up to a millisecond. */
    public static byte[] in(Duration delay) {
        return Bytes.of("+" + delay.plusNanos(999_999).toMillis());
    }

    /** At this time of Redis's clock, rounded up to a millisecond. */
    public static byte[] at(Instant time) {
        return Bytes.of(
                time.isBefore(Instant.EPOCH) ? 0 : time.plusNanos(999_999).toEpochMilli());
    }

    @Override
    public CompletableFuture<StoredBatch> append(long sequence, long after, List<EncodedMessage> messages) {
        List<byte[]> args = new ArrayList<>(6 + 3 * messages.size());
        args.add(producer);
        args.add(Bytes.of(sequence));
        args.add(after == 0 ? NOTHING : Bytes.of(after));
        OptionalLong limit = cap.get();
        boolean special = limit.isPresent() || messages.stream().anyMatch(EncodedMessage::isSpecial);
        if (special) {
            args.add(Bytes.of(messages.size()));
            args.add(idempotencyWindow);
            args.add(Bytes.ofLimit(limit));
            addMessages(args, messages, false);
            addSpecials(args, messages);
        } else {
            boolean bare = messages.stream().allMatch(EncodedMessage::isBare);
            args.add(bare ? PAYLOAD : PAYLOAD_KEY_HEADERS);
            addMessages(args, messages, bare);
        }
        return (special ? Script.PUBLISH_SPECIAL : Script.PUBLISH)
                .run(link, TIMEOUT, special ? keys : plainKeys, args.toArray(new byte[0][]))
                .thenApply(this::stored);
    }

    /** Arguments are what a message costs most besides its payload: empty ones are not sent if no message needs them. */
    private static void addMessages(List<byte[]> args, List<EncodedMessage> messages, boolean bare) {
        for (EncodedMessage message : messages) {
            args.add(message.payload());
            if (!bare) {
                args.add(message.key());
                args.add(message.headers());
            }
        }
    }

    private static void addSpecials(List<byte[]> args, List<EncodedMessage> messages) {
        for (int i = 0; i < messages.size(); i++) {
            EncodedMessage message = messages.get(i);
            if (message.isSpecial()) {
                args.add(Bytes.of(i + 1));
                args.add(message.idempotencyKey());
                args.add(message.time());
            }
        }
    }

    @Override
    public int mostUnderWay() {
        return 2;
    }

    private StoredBatch stored(List<Object> reply) {
        StoredBatch batch = StoredBatch.of(reply);
        batch.firstDueMs().ifPresent(onScheduled);
        return batch;
    }
}
