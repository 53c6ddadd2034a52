package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.internal.redis.GroupSteps.Held;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one message, in this process, from being handed out to being settled. It is <em>held</em> while the
 * group counts on this process for it; it may be started only until its deadline, which every renewal moves.
 *
 * <p>Threads: a worker runs it, the deadline keeper renews or loses it, Redis's answers end it.
 */
public final class Delivery {

    private final GroupPartition partition;
    private final StoredEntry entry;
    private final long generation;
    private final boolean redelivery;
    private volatile long deadlineNanos;
    private volatile boolean lost;
    private volatile long startedNanos;
    private @Nullable Thread runner; // guarded by this

    Delivery(GroupPartition partition, StoredEntry entry, long generation, boolean redelivery, long deadlineNanos) {
        this.partition = partition;
        this.entry = entry;
        this.generation = generation;
        this.redelivery = redelivery;
        this.deadlineNanos = deadlineNanos;
    }

    GroupPartition partition() {
        return partition;
    }

    StoredEntry entry() {
        return entry;
    }

    long generation() {
        return generation;
    }

    /** Taken over rather than new. */
    boolean isRedelivery() {
        return redelivery;
    }

    Held held() {
        return new Held(generation, entry.ref(), entry.attempt());
    }

    /** Claims the right to run on the calling thread; false if the delivery is no longer ours to start. */
    synchronized boolean begin(long nowNanos) {
        if (lost || nowNanos - deadlineNanos >= 0 || partition.state().voids(generation, entry)) {
            return false;
        }
        runner = Thread.currentThread();
        startedNanos = nowNanos;
        return true;
    }

    /** The handler is done; an interrupt meant for it must not reach the next one. */
    @SuppressWarnings("ResultOfMethodCallIgnored")
    synchronized void end() {
        runner = null;
        Thread.interrupted();
    }

    void renewedUntil(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    boolean runsLongerThan(Duration limit, long nowNanos) {
        long since = startedNanos;
        return since != 0 && nowNanos - since > limit.toNanos();
    }

    /**
     * The group no longer counts on us: a handler that runs is interrupted, and nothing it settles takes effect. True if
     * one ran.
     */
    synchronized boolean lose() {
        boolean news = !lost && runner != null;
        lost = true;
        interruptHandler();
        return news;
    }

    synchronized void interruptHandler() {
        if (runner != null) {
            runner.interrupt();
        }
    }

    boolean isLost() {
        return lost;
    }
}
