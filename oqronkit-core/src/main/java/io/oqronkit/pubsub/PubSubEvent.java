package io.oqronkit.pubsub;

import java.time.Duration;
import java.time.Instant;

/**
 * Something happened beside the normal course. Immutable. Later versions may add events: give a {@code switch} over them a
 * default.
 */
public sealed interface PubSubEvent {

    /** When this process noticed. */
    Instant at();

    /** An event of one group on one partition of a topic. */
    sealed interface OfGroup extends PubSubEvent {
        String topic();

        String group();

        /** From 0. */
        int partition();
    }

    /** The group had vanished from Redis and was made again where it stood, or before: messages may come twice. */
    record GroupRecreated(String topic, String group, int partition, Instant at) implements OfGroup {}

    /**
     * Redis came back with an older state: a failover, a restored backup, or a cut append-only file. Messages from
     * {@code to + 1} to {@code from} are lost unless they were handled before, and their offsets are used again. The group
     * goes on behind {@code to}.
     *
     * @param from the last offset this process had seen
     * @param to the last offset Redis knew when this process looked again; {@code from} or more if as much was published by then
     */
    record HistoryRewound(String topic, String group, int partition, long from, long to, Instant at)
            implements OfGroup {}

    /** Messages were removed that the group had not handled; or, for dead letters, that nobody had redriven. */
    record MessagesDropped(String topic, String group, int partition, long count, DropReason reason, Instant at)
            implements OfGroup {}

    /** Why messages were dropped. */
    enum DropReason {
        /** Retention: with {@code unfinished: drop}, or of an abandoned group. */
        RETENTION,
        /** The hard cap of the topic. */
        CAP,
        /** The retention of dead letters. */
        DEAD_LETTER_RETENTION,
        /** The retries were used up, and the topic keeps no dead letters. */
        NO_DEAD_LETTERS,
        /** Somebody other than this library removed them from Redis while they were being handled or retried. */
        REMOVED_OUTSIDE
    }

    /**
     * Nobody has consumed for the group for so long that retention no longer waits for it.
     *
     * @param lag how many messages it had not been given
     */
    record GroupAbandoned(String topic, String group, int partition, long lag, Instant at) implements OfGroup {}

    /**
     * An abandoned group is consumed again.
     *
     * @param lost how many messages were removed meanwhile
     */
    record GroupReturned(String topic, String group, int partition, long lost, Instant at) implements OfGroup {}

    /**
     * A message was given to another worker or process while its handler ran: the ack deadline passed, the maximum
     * processing time was over, or the subscription closed before the handler was done. The handler was interrupted.
     */
    record LeaseLost(String topic, String group, MessageId id, int attempt, Instant at) implements OfGroup {
        @Override
        public int partition() {
            return id.partition();
        }
    }

    /** The subscription cannot read this partition; it tries again by itself. */
    record SubscriptionStalled(String topic, String group, int partition, String reason, Instant at)
            implements OfGroup {}

    /** The subscription reads this partition again. */
    record SubscriptionRecovered(String topic, String group, int partition, Instant at) implements OfGroup {}

    /** No connection stands, or some do not; they are opened again by themselves. */
    record RedisLost(String reason, Instant at) implements PubSubEvent {}

    /** All connections stand again. */
    record RedisFound(Duration after, Instant at) implements PubSubEvent {}
}
