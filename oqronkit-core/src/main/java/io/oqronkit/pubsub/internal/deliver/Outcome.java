package io.oqronkit.pubsub.internal.deliver;

/** How a delivery ends. */
public enum Outcome {
    /** Acknowledged. */
    ACK,
    /** Dropped by the handler's wish. */
    DISCARDED,
    /** Failed, and tried again later. */
    RETRY,
    /** Given up, and kept with its cause. */
    DEAD_LETTER,
    /** Given up where no dead letters are kept. */
    DROPPED,
    /** Given up where that halts the partition of an ordered group. */
    HALTED,
    /** The filter did not want it. */
    FILTERED,
    /** Older than its time to live. */
    EXPIRED,
    /** Given to somebody else while the handler ran, or the group was replayed: nothing is settled. */
    LOST
}
