package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Moves scheduled messages of a partition into its log: {@code due.lua}. Safe for concurrent use. */
public final class ScheduleSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final byte[] MOST_MESSAGES = Bytes.of(500);
    private static final byte[] SCHEDULE = Bytes.of("schedule");
    private static final byte[] MOST_BYTES = Bytes.of(1024 * 1024);

    private final RedisLink link;
    private final byte[][] keys;
    private final byte[] schedule;
    private final byte[] bodies;
    private final byte[] idempotencyWindow;

    /** @param idempotencyWindow how long an idempotency key is remembered once its message is in the log */
    public ScheduleSteps(RedisLink control, PartitionKeys keys, Duration idempotencyWindow) {
        this.link = control;
        this.keys = keys.ofPublish();
        this.schedule = keys.schedule();
        this.bodies = keys.bodies();
        this.idempotencyWindow = Bytes.of(idempotencyWindow.toMillis());
    }

    /**
     * What one call has moved.
     *
     * @param gone how many could not be moved because somebody had removed their bodies
     * @param nowMs Redis's clock
     * @param nextMs when the next one is due by that clock; empty if nothing is scheduled
     */
    public record Moved(long moved, long gone, long nowMs, OptionalLong nextMs) {
        static Moved of(List<Object> reply) {
            long next = Bytes.number(reply.get(3));
            return new Moved(
                    Bytes.number(reply.get(0)),
                    Bytes.number(reply.get(1)),
                    Bytes.number(reply.get(2)),
                    next < 0 ? OptionalLong.empty() : OptionalLong.of(next));
        }
    }

    /** Whether anything is scheduled. */
    public Lookout.Question question() {
        return new Lookout.Question(new byte[][] {schedule, bodies}, SCHEDULE);
    }

    /** Moves what is due, up to 500 messages or 1 MiB. */
    public CompletableFuture<Moved> moveDue() {
        return Script.DUE
                .run(link, TIMEOUT, keys, MOST_MESSAGES, MOST_BYTES, idempotencyWindow)
                .thenApply(Moved::of);
    }
}
