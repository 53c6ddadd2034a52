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

    /** Where taking over stands: the last ref taken, null once all is taken. Of the reader's thread alone. */
    byte[] takenUpTo = new byte[0];

    boolean allTaken;

    Tenure(Lease lease, long askedNanos, long deadlineNanos) {
        this.lease = lease;
        this.extendedNanos = askedNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** A read went unanswered: what it was handed is pending, and comes before anything read from now on (R#7). */
    void takeAgain() {
        takenUpTo = new byte[0];
        allTaken = false;
    }
}
