package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.read.PartitionReader;
import io.oqronkit.pubsub.internal.redis.RedisLink;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The readers of a subscription: for each partition a thread with a connection of its own. Partitions may come later. Safe
 * for concurrent use, except that whoever adds one must not close at the same time.
 */
final class Readers {

    private static final long WAKE_AGAIN_MS = 20;

    private final BiFunction<GroupPartition, RedisLink, PartitionReader> making;
    private final BiFunction<String, Runnable, Thread> threads;
    private final List<One> all = new CopyOnWriteArrayList<>();

    private record One(RedisLink link, PartitionReader reader, Thread thread) {}

    /**
     * @param making of a partition's reader, given its connection
     * @param threads gives a thread for a role
     */
    Readers(
            BiFunction<GroupPartition, RedisLink, PartitionReader> making,
            BiFunction<String, Runnable, Thread> threads) {
        this.making = making;
        this.threads = threads;
    }

    /** Readers of all these, which do not read yet; or none if a connection cannot be had, which is thrown. */
    void open(List<GroupPartition> partitions, RedisLinks redis) {
        try {
            partitions.forEach(partition -> add(partition, redis.openReader()));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private One add(GroupPartition partition, RedisLink link) {
        PartitionReader reader = making.apply(partition, link);
        One one = new One(link, reader, threads.apply("reader-" + partition.number(), reader));
        all.add(one);
        return one;
    }

    void start() {
        all.forEach(one -> one.thread().start());
    }

    /** One more, which reads at once unless it is to begin paused. */
    void start(GroupPartition partition, RedisLink link, boolean paused) {
        One one = add(partition, link);
        if (paused) {
            one.reader().pause();
        }
        one.thread().start();
    }

    /** Of each that is stalled, why. */
    Stream<String> stalls() {
        return all.stream().flatMap(one -> one.reader().stalledBecause().stream());
    }

    void pause() {
        all.forEach(one -> one.reader().pause());
    }

    void resume() {
        all.forEach(one -> one.reader().resume());
    }

    /** Each ends after the read that is under way. */
    void stop() {
        all.forEach(one -> one.reader().stop());
    }

    /** After {@link #stop}. */
    void awaitEnd(long deadlineNanos) throws InterruptedException {
        for (One one : all) {
            one.thread().join(WAKE_AGAIN_MS);
            while (one.thread().isAlive() && deadlineNanos - System.nanoTime() > 0) {
                one.reader().wake(); // it may have begun to wait just after it was woken
                one.thread().join(WAKE_AGAIN_MS);
            }
        }
    }

    void close() {
        all.forEach(one -> one.link().close());
    }
}
