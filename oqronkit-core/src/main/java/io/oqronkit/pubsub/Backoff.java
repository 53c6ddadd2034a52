package io.oqronkit.pubsub;

import java.time.Duration;

/**
 * How long a failed message waits before its next attempt: {@code initial * multiplier^(retry - 1)}, at most
 * {@code max}, then spread by {@code jitter} so that messages which failed together do not come back together.
 *
 * <p>Immutable. Default: 1 s, doubled each time, at most 60 s, jitter 0.2.
 *
 * @param initial delay before the first retry, 1 ms to 1 day
 * @param multiplier growth from retry to retry, 1 to 100
 * @param max upper bound of the delay before jitter, at least {@code initial}, at most 7 days
 * @param jitter share of the delay by which it varies up or down, 0 to 1
 */
public record Backoff(Duration initial, double multiplier, Duration max, double jitter) {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** @throws IllegalArgumentException if a value is out of its bounds or {@code initial > max} */
    public Backoff {
        Checks.between("backoff.initial", initial, SHORTEST, Duration.ofDays(1));
        Checks.between("backoff.max", max, SHORTEST, Duration.ofDays(7));
        if (!(multiplier >= 1 && multiplier <= 100)) {
            throw new IllegalArgumentException("backoff.multiplier must be between 1 and 100 but was " + multiplier);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("backoff.jitter must be between 0 and 1 but was " + jitter);
        }
        if (initial.compareTo(max) > 0) {
            throw new IllegalArgumentException("backoff.initial must not be longer than backoff.max but was %s and %s"
                    .formatted(Checks.text(initial), Checks.text(max)));
        }
    }

    public static Backoff of(Duration initial, double multiplier, Duration max, double jitter) {
        return new Backoff(initial, multiplier, max, jitter);
    }

    public static Backoff defaults() {
        return new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2);
    }

    /**
     * The delay before a retry. A pure function.
     *
     * @param retry number of the retry, from 1
     * @param random a number from 0 (inclusive) to 1 (exclusive) that places the delay within the jitter
     */
    public Duration delayBefore(int retry, double random) {
        double grown = initial.toMillis() * Math.pow(multiplier, Math.max(0, retry - 1));
        double bounded = Math.min(grown, (double) max.toMillis());
        double spread = bounded * (1 + jitter * (2 * random - 1));
        return Duration.ofMillis(Math.round(spread));
    }
}
