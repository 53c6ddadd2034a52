package io.oqronkit.pubsub;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a message for one group.
 *
 * @param status where it is
 * @param consumer who holds it, if it is pending; else null
 * @param attempts how often it was handed out, as far as it is still known; else 0
 * @param since pending: when it was handed out or its deadline last extended; parked: when it is due; dead: when it was
 *     given up; else null
 */
public record DeliveryState(
        Status status,
        @Nullable String consumer,
        int attempts,
        @Nullable Instant since) {

    /** Where a message is. */
    public enum Status {
        /** The group has not reached it yet. */
        NOT_DELIVERED,
        /** Handed out and not settled. */
        PENDING,
        /** Waiting for its next attempt. */
        PARKED,
        /** Settled: handled, filtered, discarded, or dropped by a limit. */
        DONE,
        /** Among the group's dead letters. */
        DEAD
    }
}
