package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Held;
import io.oqronkit.pubsub.internal.redis.Lease;
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
    private final Lease lease;
    private final boolean redelivery;
    private volatile long deadlineNanos;
    private volatile boolean lost;
    private volatile long startedNanos;
    private @Nullable Thread runner; // guarded by this
    private boolean claimed; // guarded by this
    /** Of {@link HeldDeliveries}, which guards it. */
    int place = -1;

    Delivery(
            GroupPartition partition,
            StoredEntry entry,
            long generation,
            Lease lease,
            boolean redelivery,
            long deadlineNanos) {
        this.partition = partition;
        this.entry = entry;
        this.generation = generation;
        this.lease = lease;
        this.redelivery = redelivery;
        this.deadlineNanos = deadlineNanos;
    }

    /** The same message, one attempt later. */
    Delivery again() {
        return new Delivery(partition, entry.again(), generation, lease, true, deadlineNanos);
    }

    GroupPartition partition() {
        return partition;
    }

    public StoredEntry entry() {
        return entry;
    }

    long generation() {
        return generation;
    }

    /** What it was handed out under; {@link Lease#NONE} in a competing group. */
    Lease lease() {
        return lease;
    }

    /** Handed out to the owner of a partition of an ordered group. */
    @SuppressWarnings("ReferenceEquality") // that very lease
    boolean isOrdered() {
        return lease != Lease.NONE;
    }

    public MessageId id() {
        return entry.id().in(partition.number());
    }

    /** Taken over rather than new. */
    boolean isRedelivery() {
        return redelivery;
    }

    @SuppressWarnings("ReferenceEquality") // this very lease
    boolean settlesWith(Delivery other) {
        return generation == other.generation && lease == other.lease;
    }

    public Held held() {
        return new Held(generation, lease, entry.ref(), entry.attempt());
    }

    /** Claims the right to run on the calling thread; false if the delivery is no longer ours to start. */
    synchronized boolean begin(long nowNanos) {
        if (lost || nowNanos - deadlineNanos >= 0 || isVoid()) {
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

    /** The right to settle it, which one caller gets. */
    synchronized boolean claim() {
        boolean first = !claimed;
        claimed = true;
        return first;
    }

    synchronized boolean isClaimed() {
        return claimed;
    }

    void renewedUntil(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** A handler has begun. */
    public boolean hasStarted() {
        return startedNanos != 0;
    }

    /** The group was replayed behind this message since: it is, or will be, delivered anew. */
    public boolean isVoid() {
        return partition.state().voids(generation, entry);
    }

    /** How long since a handler began, or since this was taken up to be refused to it. */
    public Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    public int attempt() {
        return entry.attempt();
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

    /** How it ends, given what was decided here. */
    public Outcome outcome(Outcome decided) {
        return lost || isVoid() ? Outcome.LOST : decided;
    }

    public boolean isLost() {
        return lost;
    }
}
