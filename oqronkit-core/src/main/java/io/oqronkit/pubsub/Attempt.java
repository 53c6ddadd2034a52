package io.oqronkit.pubsub;

/**
 * How one attempt at a message ended in a group, as this process decided it; Redis is asked to settle it right then.
 * Immutable.
 *
 * @param topic the topic
 * @param group the group
 * @param id the message
 * @param number which attempt it was, from 1
 * @param outcome how it ended
 * @param cause why it failed: class and message, at most 1,000 characters; empty where it did not
 */
public record Attempt(String topic, String group, MessageId id, int number, Outcome outcome, String cause) {

    /** How an attempt ends. */
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
}
