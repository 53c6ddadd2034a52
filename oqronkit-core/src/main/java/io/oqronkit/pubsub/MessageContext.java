package io.oqronkit.pubsub;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of one message to one group: what a handler gets. The first settlement ({@code ack}, {@code nack},
 * {@code deadLetter}, {@code discard}) wins; a second one does nothing and is logged.
 *
 * <p>Settle before the handler returns; safe from any thread.
 */
public interface MessageContext<T> {

    T message();

    /** The partition key, or null if the message was published without one. */
    @Nullable
    String key();

    /** The headers the publisher set; unmodifiable. */
    Map<String, String> headers();

    MessageId id();

    String topic();

    String group();

    int partition();

    long offset();

    Instant publishedAt();

    /** Number of this attempt, from 1. */
    int attempt();

    /** Retries + 1: the attempt after which a failing message becomes a dead letter. */
    int maxAttempts();

    /** True in a shadow replay, see {@link Topic#shadowReplay}; false for every group. */
    default boolean isReplayed() {
        return false;
    }

    /**
     * In an ordered group, a number that rises strictly each time the partition changes its owner; 0 in a competing one. A
     * handler that was paused for so long that another process took over still runs to its next step: give the number to
     * the storage you write to, and let that refuse a lower one than it has seen.
     */
    long fencingToken();

    /**
     * True once this delivery is no longer ours: its ack deadline passed, it ran longer than the maximum processing
     * time, or the group was replayed. Another consumer may be handling the message; settling it here has no effect.
     */
    boolean isLeaseLost();

    /** Done: the group will not see the message again. */
    void ack();

    /** Failed: try again after the group's backoff, or dead-letter if no attempt is left. */
    void nack();

    /** Failed: try again after this delay, or dead-letter if no attempt is left. Zero to 7 days. */
    void nack(Duration delay);

    /** Give up now: keep the message in the group's dead letters with this reason as its cause. */
    void deadLetter(String reason);

    /** Drop the message for this group; it does not become a dead letter. The reason is logged. */
    void discard(String reason);
}
