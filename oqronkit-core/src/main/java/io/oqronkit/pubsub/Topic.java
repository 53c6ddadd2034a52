package io.oqronkit.pubsub;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A named, durable, partitioned log of messages. Safe for concurrent use; obtain it from {@link PubSub#topic}, keep it,
 * share it.
 *
 * <p>A publish that returned is stored in Redis. Messages without a key go round robin over the partitions, those with
 * a key to the partition of its hash. Payloads are bounded to 1 MiB encoded. At most 10,000 messages of a topic wait in
 * this process to be sent: beyond that {@code publish} waits and {@code publishAsync} fails at once.
 *
 * <p>All {@code publish} methods throw {@link IllegalArgumentException} for a bad argument,
 * {@link PublishFailedException} if the message is certainly not stored, and {@link PublishOutcomeUnknownException} if
 * it may be. None hangs longer than the publish timeout (default 10 s) + 5 s.
 */
public interface Topic<T> {

    String name();

    /** How this topic is kept, as it was obtained: configured values included. */
    TopicSpec<T> spec();

    /** Number of partitions, from 1; it may rise. */
    int partitions();

    /** Publishes and waits until the message is stored. */
    PublishReceipt publish(T payload);

    /** Publishes and waits until the message is stored. */
    PublishReceipt publish(OutgoingMessage<T> message);

    /** All or nothing for each partition; receipts come in the order of the payloads. An empty list does nothing. */
    List<PublishReceipt> publishBatch(List<T> payloads);

    /** As {@link #publishBatch(List)}, for messages with keys and headers. */
    List<PublishReceipt> publishMessages(List<OutgoingMessage<T>> messages);

    /**
     * Publishes without waiting. The future completes on a thread of the library that may be blocked for a moment, but
     * not for long: other publishers' futures complete on it too.
     */
    CompletableFuture<PublishReceipt> publishAsync(T payload);

    /** As {@link #publishAsync(Object)}. */
    CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<T> message);

    /**
     * Takes a scheduled message back, for good.
     *
     * @param receipt that of its publish; one made of the topic's name and a stored id does too
     * @return true if it still waited; false once it has entered the log, or was taken back before
     * @throws IllegalArgumentException if the receipt is of another topic
     */
    boolean cancel(PublishReceipt receipt);

    /**
     * Starts a handler for a group. Returns when the group exists on every partition, so each message published from
     * then on reaches it.
     *
     * @throws IllegalStateException if this {@code PubSub} has a subscription for this topic and group already
     * @throws IllegalArgumentException if the settings contradict each other
     */
    Subscription subscribe(SubscriptionSpec<T> spec);

    /**
     * Moves a group to a position: it gets every message from there on, again if need be. What it had pending or parked
     * at or behind the position is cleared, since it is delivered again; what lies before the position is left as it
     * is. Takes effect within about a second, in every process.
     *
     * @throws IllegalArgumentException if the topic has no such group
     */
    void replay(String group, Position from);

    /**
     * Runs a handler over a range of messages beside the groups, which notice nothing: no position, pending, parked or
     * dead message of theirs changes. Returns when the range is fixed and the replay runs; it ends by itself.
     *
     * <p>While it runs, retention keeps what it has not handled yet, as for a group.
     *
     * @throws IllegalArgumentException if it has no handler and is no dry run
     */
    ShadowReplay shadowReplay(ShadowReplaySpec<T> spec);

    TopicAdmin admin();
}
