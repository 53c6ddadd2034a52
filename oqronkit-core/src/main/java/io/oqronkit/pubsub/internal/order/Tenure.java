package io.oqronkit.pubsub.internal.order;

import io.oqronkit.pubsub.internal.redis.Lease;

/** The time for which this process owns a partition, from one lease to its end. */
final class Tenure {

    final Lease lease;

    /** {@link System#nanoTime()} until which the lease holds for sure, as far as this process knows. */
    volatile long deadlineNanos;

    volatile long extendedNanos;

    /** It is to be handed over: nothing more is read or begun. */
    volatile boolean ending;

    /** Where taking over stands: the last ref taken. Of the reader's thread alone. */
    byte[] takenUpTo = new byte[0];

    boolean allTaken;

    private long lookAgainNanos;

    Tenure(Lease lease, long askedNanos, long deadlineNanos) {
        this.lease = lease;
        this.extendedNanos = askedNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * A read went unanswered: what it was handed is pending, and comes before anything read from now on (R#7). Should the
     * server carry it out later still, over a connection that is given up by now, we look once more.
     *
     * @param lookAgainNanos when such a connection is surely gone
     */
    void readWentUnanswered(long lookAgainNanos) {
        takeAgain();
        this.lookAgainNanos = lookAgainNanos;
    }

    /** True if it is time to take what is pending, rather than to read on. */
    boolean takes(long nowNanos) {
        if (allTaken && lookAgainNanos != 0 && nowNanos - lookAgainNanos >= 0) {
            lookAgainNanos = 0;
            takeAgain();
        }
        return !allTaken;
    }

    private void takeAgain() {
        takenUpTo = new byte[0];
        allTaken = false;
    }
}
