package io.oqronkit.pubsub;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long a topic keeps its messages. A message that exceeds either limit is removed, by default never before every
 * group of the topic has finished it: a group that is away holds what it has not handled yet, until it counts as
 * {@linkplain #abandonAfter(Duration) abandoned}. With {@link Unfinished#DROP} the limits hold against everybody. A
 * {@linkplain #cap(long, CapAction) cap} bounds the topic whatever groups do. What a group loses is counted in
 * {@link GroupStats#dropped()}, logged and told to listeners.
 *
 * <p>Limits are applied every 5 seconds, for each partition; {@code maxCount} and the cap are for the whole topic and each
 * partition gets its even share. Immutable. Default: no limit.
 */
public final class Retention {

    private static final Duration DEFAULT_ABANDON_AFTER = Duration.ofDays(7);
    private static final long MOST_MESSAGES = 1_000_000_000_000L;
    private static final Retention FOREVER = new Retention(null, null, Unfinished.KEEP, DEFAULT_ABANDON_AFTER, null);

    /** What becomes of messages over the limits that some group has not finished. */
    public enum Unfinished {
        /** They stay until every group has finished them. The default. */
        KEEP,
        /** They are removed; each group's loss is counted. */
        DROP
    }

    /** What happens when a topic has reached its cap. */
    public enum CapAction {
        /**
         * A publish to a full partition fails: it is tried again until the publish timeout, since groups may finish
         * messages meanwhile, then it throws {@link PublishFailedException}. No group loses anything.
         */
        REJECT,
        /** The oldest messages are removed, finished or not; each group's loss is counted. */
        DROP_OLDEST
    }

    /** @param messages of the topic, 1 to 10<sup>12</sup> */
    public record Cap(long messages, CapAction action) {
        public Cap {
            Checks.between("retention.cap", messages, 1, MOST_MESSAGES);
            Checks.notNull("retention.cap-action", action);
        }
    }

    private final @Nullable Duration maxAge;
    private final @Nullable Long maxCount;
    private final Unfinished unfinished;
    private final Duration abandonAfter;
    private final @Nullable Cap cap;

    private Retention(
            @Nullable Duration maxAge,
            @Nullable Long maxCount,
            Unfinished unfinished,
            Duration abandonAfter,
            @Nullable Cap cap) {
        if (maxAge != null) {
            Checks.between("retention.max-age", maxAge, Duration.ofSeconds(1), Duration.ofDays(36_500));
        }
        if (maxCount != null) {
            Checks.between("retention.max-count", maxCount, 1, MOST_MESSAGES);
        }
        Checks.between("retention.abandon-after", abandonAfter, Duration.ofMinutes(1), Duration.ofDays(365));
        if (maxCount != null && cap != null && cap.messages() < maxCount) {
            throw new IllegalArgumentException("retention.cap must not be below retention.max-count but was %d and %d"
                    .formatted(cap.messages(), maxCount));
        }
        this.maxAge = maxAge;
        this.maxCount = maxCount;
        this.unfinished = unfinished;
        this.abandonAfter = abandonAfter;
        this.cap = cap;
    }

    /**
     * @param maxAge 1 s to 100 years, or null for no limit by age
     * @param maxCount 1 to 10<sup>12</sup> messages of the topic
     * @throws IllegalArgumentException if a limit is out of its bounds
     */
    public static Retention of(@Nullable Duration maxAge, long maxCount) {
        return of(maxAge, Long.valueOf(maxCount));
    }

    /** As {@link #of(Duration, long)}, where null stands for no limit by count. */
    public static Retention of(@Nullable Duration maxAge, @Nullable Long maxCount) {
        return new Retention(maxAge, maxCount, Unfinished.KEEP, DEFAULT_ABANDON_AFTER, null);
    }

    /** Keeps every message until it is purged. */
    public static Retention forever() {
        return FOREVER;
    }

    /** The same limits with this rule for what some group has not finished. */
    public Retention unfinished(Unfinished unfinished) {
        return new Retention(maxAge, maxCount, Checks.notNull("unfinished", unfinished), abandonAfter, cap);
    }

    /**
     * How long nobody may have consumed for a group that has not finished, 1 min to 365 days, before the limits no longer
     * wait for it; default 7 days. The group is not removed: when it comes back it goes on with the oldest message that is
     * still there, and what it lost is counted. A paused group is never abandoned.
     */
    public Retention abandonAfter(Duration abandonAfter) {
        return new Retention(maxAge, maxCount, unfinished, abandonAfter, cap);
    }

    /**
     * How many messages the topic may hold whatever groups have finished, 1 to 10<sup>12</sup>, at least {@code maxCount};
     * default: no cap. With {@link CapAction#REJECT} what every group has finished is removed once it fills nine tenths of
     * it, so that a full topic is always full of unfinished messages. {@link CapAction#DROP_OLDEST} is applied every 5
     * seconds as the other limits are.
     *
     * @throws IllegalArgumentException if it is out of its bounds or below {@code maxCount}
     */
    public Retention cap(long messages, CapAction action) {
        return new Retention(maxAge, maxCount, unfinished, abandonAfter, new Cap(messages, action));
    }

    public Unfinished unfinished() {
        return unfinished;
    }

    public Optional<Duration> maxAge() {
        return Optional.ofNullable(maxAge);
    }

    public OptionalLong maxCount() {
        return maxCount == null ? OptionalLong.empty() : OptionalLong.of(maxCount);
    }

    public Duration abandonAfter() {
        return abandonAfter;
    }

    public Optional<Cap> cap() {
        return Optional.ofNullable(cap);
    }

    /** The cap in messages, if this is what happens at it. */
    public OptionalLong cap(CapAction action) {
        return cap == null || cap.action() != action ? OptionalLong.empty() : OptionalLong.of(cap.messages());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Retention that
                && Objects.equals(maxAge, that.maxAge)
                && Objects.equals(maxCount, that.maxCount)
                && unfinished == that.unfinished
                && abandonAfter.equals(that.abandonAfter)
                && Objects.equals(cap, that.cap);
    }

    @Override
    public int hashCode() {
        return Objects.hash(maxAge, maxCount, unfinished, abandonAfter, cap);
    }

    @Override
    public String toString() {
        return "max-age=" + (maxAge == null ? "none" : Checks.text(maxAge)) + ",max-count="
                + (maxCount == null ? "none" : maxCount)
                + (unfinished == Unfinished.DROP ? ",unfinished=drop" : "")
                + (abandonAfter.equals(DEFAULT_ABANDON_AFTER) ? "" : ",abandon-after=" + Checks.text(abandonAfter))
                + (cap == null
                        ? ""
                        : ",cap=" + cap.messages() + (cap.action() == CapAction.REJECT ? ":reject" : ":drop-oldest"));
    }
}
