package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** Removes what a partition need not keep: {@code trim.lua}, {@code trim_dead.lua}. Safe for concurrent use. */
public final class RetentionSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PRODUCER_MEMORY = Duration.ofHours(1);
    private static final long PAGE = 50_000;

    private final RedisLink link;
    private final PartitionKeys partition;
    private final byte[][] keys;
    private final IntSupplier partitions;

    /** @param partitions how many share a limit by count, at the moment */
    public RetentionSteps(RedisLink control, PartitionKeys partition, IntSupplier partitions) {
        this.link = control;
        this.partition = partition;
        this.keys = new byte[][] {partition.stream(), partition.meta(), partition.producers()};
        this.partitions = partitions;
    }

    /**
     * When a group counts as abandoned.
     *
     * @param after how long nobody has consumed for it
     * @param seenBefore groups that were seen like that long enough ago to be believed; others are only reported
     */
    public record Abandoning(Duration after, Collection<String> seenBefore) {}

    /**
     * What a trim did.
     *
     * @param more there is more to remove at once
     * @param applied false if somebody had just done it: then only abandoned groups are told of
     */
    public record Trimmed(long removed, boolean more, boolean applied, List<Told> told) {
        /** The groups of which this is told. */
        public Set<String> groups(What what) {
            return told.stream()
                    .filter(one -> one.what() == what)
                    .map(Told::group)
                    .collect(Collectors.toSet());
        }
    }

    /** Something about a group; the number is its lag for ABANDONED, else what it lost. */
    public record Told(What what, String group, long number) {}

    /** What there is to tell of a group. */
    public enum What {
        /** Nobody has consumed for so long that it may become abandoned. */
        SILENT,
        /** It is abandoned from now on. */
        ABANDONED,
        /** It is abandoned; lost is what it lost since. */
        AWAY,
        /** It is no longer abandoned; lost is what it lost meanwhile. */
        RETURNED,
        /** It lost messages it had not finished. */
        DROPPED,
        /** It lost messages it had not finished, since the topic had reached its cap. */
        CAPPED
    }

    /** Does nothing if any process has trimmed this partition less than {@code interval} ago. */
    public CompletableFuture<Trimmed> trim(Retention retention, Abandoning abandoning, Duration interval) {
        Shares shares = Shares.of(retention, partitions.getAsInt());
        List<byte[]> args = new ArrayList<>(List.of(
                Bytes.ofLimit(shares.maxCount()),
                maxAge(retention),
                Bytes.of(interval.toMillis()),
                Bytes.of(PAGE),
                Bytes.of(PRODUCER_MEMORY.toMillis()),
                Bytes.of(retention.unfinished() == Retention.Unfinished.DROP ? 1 : 0),
                Bytes.ofLimit(shares.dropOldest()),
                Bytes.of(abandoning.after().toMillis())));
        abandoning.seenBefore().forEach(group -> args.add(Bytes.of(group)));
        return Script.TRIM.run(link, TIMEOUT, keys, args.toArray(byte[][]::new)).thenApply(RetentionSteps::trimmed);
    }

    private static Trimmed trimmed(List<Object> reply) {
        List<Told> told = new ArrayList<>();
        for (int i = 3; i < reply.size(); i += 3) {
            told.add(new Told(
                    What.valueOf(Bytes.text(reply.get(i))),
                    Bytes.text(reply.get(i + 1)),
                    Bytes.number(reply.get(i + 2))));
        }
        return new Trimmed(
                Bytes.number(reply.get(0)), Bytes.number(reply.get(1)) == 1, Bytes.number(reply.get(2)) == 1, told);
    }

    /** Completes with how many dead letters of a group were removed. */
    public CompletableFuture<Long> trimDeadLetters(String group, Retention retention) {
        return Script.TRIM_DEAD
                .run(
                        link,
                        TIMEOUT,
                        partition.ofGroup(group),
                        Bytes.of(group),
                        Bytes.ofLimit(
                                Shares.of(retention, partitions.getAsInt()).maxCount()),
                        maxAge(retention))
                .thenApply(reply -> Bytes.number(reply.get(0)));
    }

    /** Removes what a shadow replay has left here whose process is gone; completes with false if it is alive. */
    public CompletableFuture<Boolean> removeShadow(String group, Duration silence) {
        return new ShadowSteps(link, partition, group).endIfSilentFor(silence);
    }

    private static byte[] maxAge(Retention retention) {
        return Bytes.ofLimit(
                retention.maxAge().map(age -> OptionalLong.of(age.toMillis())).orElse(OptionalLong.empty()));
    }
}
