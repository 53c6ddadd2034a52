package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What a shadow replay does with its temporary group on one partition, beside reading and settling: {@code
 * shadow_start.lua}, {@code shadow_end.lua}. Safe for concurrent use.
 */
public final class ShadowSteps {

    private static final String PREFIX = "__shadow-";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RedisLink link;
    private final PartitionKeys partition;
    private final String group;
    private final byte[][] keys;

    public ShadowSteps(RedisLink control, PartitionKeys partition, String group) {
        this.link = control;
        this.partition = partition;
        this.group = group;
        this.keys = partition.ofGroup(group);
    }

    /** The messages of a partition that a replay covers: how many, and the offset of the last. */
    public record Range(long count, long lastOffset) {}

    /** No user's group has such a name: two underscores are reserved. */
    public static String groupName(String id) {
        return PREFIX + id;
    }

    static boolean isShadow(String group) {
        return group.startsWith(PREFIX);
    }

    public int partition() {
        return partition.partition();
    }

    /** Makes the group, unless the range is empty. */
    public CompletableFuture<Range> start(String consumer, Position from, Position to) {
        PositionArgs first = PositionArgs.of(from, partition.partition());
        PositionArgs end = PositionArgs.of(to, partition.partition());
        return Script.SHADOW_START
                .run(
                        link,
                        TIMEOUT,
                        keys,
                        Bytes.of(group),
                        Bytes.of(consumer),
                        first.kind(),
                        first.value(),
                        end.kind(),
                        end.value())
                .thenApply(reply -> new Range(Bytes.number(reply.get(0)), Bytes.number(reply.get(1))));
    }

    /** Removes the group with all it has; completes with false if there was none. */
    public CompletableFuture<Boolean> end() {
        return endIfSilentFor(Duration.ZERO);
    }

    /** Removes the group if its process is gone: if nobody has read or kept anything for it for that long. */
    public CompletableFuture<Boolean> endIfSilentFor(Duration silence) {
        return Script.SHADOW_END
                .run(link, TIMEOUT, keys, Bytes.of(group), Bytes.of(silence.toMillis()))
                .thenApply(reply -> Bytes.number(reply.get(0)) == 1);
    }
}
