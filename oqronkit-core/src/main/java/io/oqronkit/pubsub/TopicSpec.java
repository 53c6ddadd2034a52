package io.oqronkit.pubsub;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A topic and how it is kept. Immutable: every method returns a copy.
 *
 * @param <T> type of the payload, as JSON
 */
public final class TopicSpec<T> {

    private static final int MAX_PARTITIONS = 1_024;

    private final String name;
    private final Type type;
    private final @Nullable Integer partitions;
    private final Retention retention;
    private final DeadLetterPolicy deadLetter;
    private final Duration idempotencyWindow;

    private TopicSpec(
            String name,
            Type type,
            @Nullable Integer partitions,
            Retention retention,
            DeadLetterPolicy deadLetter,
            Duration idempotencyWindow) {
        this.name = name;
        this.type = type;
        this.partitions = partitions;
        this.retention = retention;
        this.deadLetter = deadLetter;
        this.idempotencyWindow = idempotencyWindow;
    }

    /** @throws IllegalArgumentException unless the name has 1 to 120 characters out of {@code A-Z a-z 0-9 . _ -} */
    public static <T> TopicSpec<T> of(String name, Class<T> type) {
        Checks.notNull("type", type);
        return new TopicSpec<>(
                Checks.name("topic", name),
                type,
                null,
                Retention.forever(),
                DeadLetterPolicy.defaults(),
                Duration.ofHours(1));
    }

    /**
     * Streams the topic is spread over, 1 to 1,024. More partitions spread a topic over the nodes of a cluster and let
     * more consumers read in order. Default: the number stored in Redis if the topic exists, else 1. A higher number
     * than is stored raises it, in all processes; a lower one is refused. Raising it moves keys to other partitions.
     */
    public TopicSpec<T> partitions(int partitions) {
        Checks.between("partitions", partitions, 1, MAX_PARTITIONS);
        return new TopicSpec<>(name, type, partitions, retention, deadLetter, idempotencyWindow);
    }

    public TopicSpec<T> retention(Retention retention) {
        return new TopicSpec<>(
                name, type, partitions, Checks.notNull("retention", retention), deadLetter, idempotencyWindow);
    }

    public TopicSpec<T> deadLetter(DeadLetterPolicy deadLetter) {
        return new TopicSpec<>(
                name, type, partitions, retention, Checks.notNull("deadLetter", deadLetter), idempotencyWindow);
    }

    /** How long an idempotency key is remembered after its message was stored, 1 s to 30 days; default 1 h. */
    public TopicSpec<T> idempotencyWindow(Duration idempotencyWindow) {
        Checks.between("idempotency-window", idempotencyWindow, Duration.ofSeconds(1), Duration.ofDays(30));
        return new TopicSpec<>(name, type, partitions, retention, deadLetter, idempotencyWindow);
    }

    /** The same topic, read and written as another type. */
    public TopicSpec<Object> type(Type type) {
        return new TopicSpec<>(
                name, Checks.notNull("type", type), partitions, retention, deadLetter, idempotencyWindow);
    }

    public String name() {
        return name;
    }

    public Type type() {
        return type;
    }

    /** Empty: not set, so what is stored in Redis decides. */
    public OptionalInt partitions() {
        return partitions == null ? OptionalInt.empty() : OptionalInt.of(partitions);
    }

    public Retention retention() {
        return retention;
    }

    public DeadLetterPolicy deadLetter() {
        return deadLetter;
    }

    public Duration idempotencyWindow() {
        return idempotencyWindow;
    }
}
