package io.oqronkit.pubsub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a group as far as somebody set them; null means not set, and the next source decides. Sources are merged
 * with {@link #orElse(GroupSettings)} and completed by {@link SubscriptionSettings#resolve}. Immutable.
 */
public record GroupSettings(
        @Nullable Integer concurrency,
        @Nullable ConsumerMode mode,
        @Nullable AckMode ackMode,
        @Nullable Position startFrom,
        @Nullable Integer maxRetries,
        @Nullable Duration ackDeadline,
        @Nullable Duration maxProcessingTime,
        @Nullable Backoff backoff) {

    private static final GroupSettings NONE = new GroupSettings(null, null, null, null, null, null, null, null);

    /** Nothing set. */
    public static GroupSettings none() {
        return NONE;
    }

    /** What is set here, and from {@code other} what is not. */
    public GroupSettings orElse(GroupSettings other) {
        return new GroupSettings(
                first(concurrency, other.concurrency),
                first(mode, other.mode),
                first(ackMode, other.ackMode),
                first(startFrom, other.startFrom),
                first(maxRetries, other.maxRetries),
                first(ackDeadline, other.ackDeadline),
                first(maxProcessingTime, other.maxProcessingTime),
                first(backoff, other.backoff));
    }

    private static <V> @Nullable V first(@Nullable V mine, @Nullable V theirs) {
        return mine != null ? mine : theirs;
    }
}
