package io.oqronkit.pubsub;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How long a topic keeps its messages. A message that exceeds either limit is removed, by default never before every
 * group of the topic has finished it: a group that is away holds what it has not handled yet. With
 * {@link Unfinished#DROP} the limits hold against everybody, and what a group loses is counted in
 * {@link GroupStats#dropped()} and logged.
 *
 * <p>Limits are applied every 5 seconds, for each partition; {@code maxCount} is for the whole topic and each
 * partition gets its even share. Immutable. Default: no limit.
 */
public final class Retention {

    /** What becomes of messages over the limits that some group has not finished. */
    public enum Unfinished {
        /** They stay until every group has finished them. The default. */
        KEEP,
        /** They are removed; each group's loss is counted. */
        DROP
    }

    private static final Retention FOREVER = new Retention(null, null, Unfinished.KEEP);

    private final @Nullable Duration maxAge;
    private final @Nullable Long maxCount;
    private final Unfinished unfinished;

    private Retention(@Nullable Duration maxAge, @Nullable Long maxCount, Unfinished unfinished) {
        if (maxAge != null) {
            Checks.between("retention.max-age", maxAge, Duration.ofSeconds(1), Duration.ofDays(36_500));
        }
        if (maxCount != null) {
            Checks.between("retention.max-count", maxCount, 1, 1_000_000_000_000L);
        }
        this.maxAge = maxAge;
        this.maxCount = maxCount;
        this.unfinished = unfinished;
    }

    /**
     * @param maxAge 1 s to 100 years, or null for no limit by age
     * @param maxCount 1 to 10<sup>12</sup> messages of the topic
     * @throws IllegalArgumentException if a limit is out of its bounds
     */
    public static Retention of(@Nullable Duration maxAge, long maxCount) {
        return new Retention(maxAge, maxCount, Unfinished.KEEP);
    }

    /** As {@link #of(Duration, long)}, where null stands for no limit by count. */
    public static Retention of(@Nullable Duration maxAge, @Nullable Long maxCount) {
        return new Retention(maxAge, maxCount, Unfinished.KEEP);
    }

    /** Keeps every message until it is purged. */
    public static Retention forever() {
        return FOREVER;
    }

    /** The same limits with this rule for what some group has not finished. */
    public Retention unfinished(Unfinished unfinished) {
        return new Retention(maxAge, maxCount, Checks.notNull("unfinished", unfinished));
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Retention that
                && java.util.Objects.equals(maxAge, that.maxAge)
                && java.util.Objects.equals(maxCount, that.maxCount)
                && unfinished == that.unfinished;
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(maxAge, maxCount, unfinished);
    }

    @Override
    public String toString() {
        return "max-age=" + (maxAge == null ? "none" : Checks.text(maxAge)) + ",max-count="
                + (maxCount == null ? "none" : maxCount)
                + (unfinished == Unfinished.DROP ? ",unfinished=drop" : "");
    }
}
