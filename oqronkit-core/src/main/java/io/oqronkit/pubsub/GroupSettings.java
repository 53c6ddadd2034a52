package io.oqronkit.pubsub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a group as far as somebody set them; null means not set, and the next source decides. Begin with
 * {@link #none()} and set with the methods of the same names; setting null changes nothing. Sources are merged with
 * {@link #orElse(GroupSettings)} and completed by {@link SubscriptionSettings#resolve}, which checks them. Immutable.
 */
public record GroupSettings(
        @Nullable Integer concurrency,
        @Nullable ConsumerMode mode,
        @Nullable AckMode ackMode,
        @Nullable Position startFrom,
        @Nullable Integer maxRetries,
        @Nullable AfterRetries afterRetries,
        @Nullable Duration ackDeadline,
        @Nullable Duration maxProcessingTime,
        @Nullable Backoff backoff,
        @Nullable RetryRule retryRule,
        @Nullable Integer batchSize) {

    private static final GroupSettings NONE =
            new GroupSettings(null, null, null, null, null, null, null, null, null, null, null);

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
                first(afterRetries, other.afterRetries),
                first(ackDeadline, other.ackDeadline),
                first(maxProcessingTime, other.maxProcessingTime),
                first(backoff, other.backoff),
                first(retryRule, other.retryRule),
                first(batchSize, other.batchSize));
    }

    private static <V> @Nullable V first(@Nullable V mine, @Nullable V theirs) {
        return mine != null ? mine : theirs;
    }

    public GroupSettings concurrency(@Nullable Integer value) {
        return new GroupSettings(value, null, null, null, null, null, null, null, null, null, null).orElse(this);
    }

    public GroupSettings mode(@Nullable ConsumerMode value) {
        return new GroupSettings(null, value, null, null, null, null, null, null, null, null, null).orElse(this);
    }

    public GroupSettings ackMode(@Nullable AckMode value) {
        return new GroupSettings(null, null, value, null, null, null, null, null, null, null, null).orElse(this);
    }

    public GroupSettings startFrom(@Nullable Position value) {
        return new GroupSettings(null, null, null, value, null, null, null, null, null, null, null).orElse(this);
    }

    public GroupSettings maxRetries(@Nullable Integer value) {
        return new GroupSettings(null, null, null, null, value, null, null, null, null, null, null).orElse(this);
    }

    public GroupSettings afterRetries(@Nullable AfterRetries value) {
        return new GroupSettings(null, null, null, null, null, value, null, null, null, null, null).orElse(this);
    }

    public GroupSettings ackDeadline(@Nullable Duration value) {
        return new GroupSettings(null, null, null, null, null, null, value, null, null, null, null).orElse(this);
    }

    public GroupSettings maxProcessingTime(@Nullable Duration value) {
        return new GroupSettings(null, null, null, null, null, null, null, value, null, null, null).orElse(this);
    }

    public GroupSettings backoff(@Nullable Backoff value) {
        return new GroupSettings(null, null, null, null, null, null, null, null, value, null, null).orElse(this);
    }

    public GroupSettings retryRule(@Nullable RetryRule value) {
        return new GroupSettings(null, null, null, null, null, null, null, null, null, value, null).orElse(this);
    }

    public GroupSettings batchSize(@Nullable Integer value) {
        return new GroupSettings(null, null, null, null, null, null, null, null, null, null, value).orElse(this);
    }
}
