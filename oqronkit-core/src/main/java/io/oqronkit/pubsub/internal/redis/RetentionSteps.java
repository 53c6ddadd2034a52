package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Retention;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Removes what a partition need not keep: {@code trim.lua}, {@code trim_dead.lua}. Safe for concurrent use. */
public final class RetentionSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PRODUCER_MEMORY = Duration.ofHours(1);
    private static final long PAGE = 50_000;
    private static final byte[] NO_LIMIT = new byte[0];

    private final RedisLink link;
    private final PartitionKeys partition;
    private final byte[][] keys;
    private final int shares;

    /** @param shares how many partitions share a limit by count */
    public RetentionSteps(RedisLink control, PartitionKeys partition, int shares) {
        this.link = control;
        this.partition = partition;
        this.keys = new byte[][] {partition.stream(), partition.meta(), partition.producers()};
        this.shares = shares;
    }

    /** How many were removed, whether there is more to remove at once, and what each group lost by it. */
    public record Trimmed(long removed, boolean more, Map<String, Long> lost) {}

    /** Does nothing if any process has trimmed this partition less than {@code interval} ago. */
    public CompletableFuture<Trimmed> trim(Retention retention, Duration interval) {
        return Script.TRIM
                .run(
                        link,
                        TIMEOUT,
                        keys,
                        maxCount(retention),
                        maxAge(retention),
                        Bytes.of(interval.toMillis()),
                        Bytes.of(PAGE),
                        Bytes.of(PRODUCER_MEMORY.toMillis()),
                        Bytes.of(retention.unfinished() == Retention.Unfinished.DROP ? 1 : 0))
                .thenApply(reply -> {
                    Map<String, Long> lost = new LinkedHashMap<>();
                    for (int i = 2; i < reply.size(); i += 2) {
                        lost.put(Bytes.text(reply.get(i)), Bytes.number(reply.get(i + 1)));
                    }
                    return new Trimmed(Bytes.number(reply.get(0)), Bytes.number(reply.get(1)) == 1, lost);
                });
    }

    /** Completes with how many dead letters of a group were removed. */
    public CompletableFuture<Long> trimDeadLetters(String group, Retention retention) {
        return Script.TRIM_DEAD
                .run(link, TIMEOUT, partition.ofGroup(group), Bytes.of(group), maxCount(retention), maxAge(retention))
                .thenApply(reply -> Bytes.number(reply.get(0)));
    }

    private byte[] maxCount(Retention retention) {
        return retention.maxCount().isPresent()
                ? Bytes.of(share(retention.maxCount().getAsLong(), shares))
                : NO_LIMIT;
    }

    /** An even share of the topic's limit, rounded up. */
    static long share(long maxCount, int partitions) {
        return (maxCount + partitions - 1) / partitions;
    }

    private static byte[] maxAge(Retention retention) {
        return retention.maxAge().map(age -> Bytes.of(age.toMillis())).orElse(NO_LIMIT);
    }
}
