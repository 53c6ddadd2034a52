package io.oqronkit.pubsub;

/**
 * How the processes of one group share its messages. All processes of a group use the same mode; to change it, stop all
 * of them first.
 */
public enum ConsumerMode {
    /** Any process and any worker takes the next message; no order is promised. The default. */
    COMPETING,
    /**
     * Each partition has one owner among the processes, which handles its messages one after the other, in the order
     * of their offsets, over retries and over a change of owner too. With one partition that is the order of the whole
     * topic. Needs a concurrency of 1.
     */
    EXCLUSIVE,
    /**
     * Each partition has one owner among the processes, which handles the messages of one key one after the other in the
     * order of their offsets, over retries and a change of owner too, and those of different keys side by side.
     * Messages without a key have no order.
     */
    KEY_ORDERED
}
