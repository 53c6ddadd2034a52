package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a failed attempt. Pure but for what is injected. */
final class FailurePolicy {

    private final int maxAttempts;
    private final Backoff backoff;
    private final Predicate<Throwable> retryable;
    private final DoubleSupplier random;

    FailurePolicy(int maxAttempts, Backoff backoff, Predicate<Throwable> retryable, DoubleSupplier random) {
        this.maxAttempts = maxAttempts;
        this.backoff = backoff;
        this.retryable = retryable;
        this.random = random;
    }

    int maxAttempts() {
        return maxAttempts;
    }

    /** True if this attempt is beyond the last: earlier ones ended without a result. */
    boolean isExhausted(int attempt) {
        return attempt > maxAttempts;
    }

    /**
     * The delay before the next attempt, or empty to give up.
     *
     * @param attempt number of the attempt that failed, from 1
     * @param wanted the delay the handler asked for, or null for the backoff
     */
    Optional<Duration> retryAfter(int attempt, @Nullable Duration wanted) {
        if (attempt >= maxAttempts) {
            return Optional.empty();
        }
        return Optional.of(wanted != null ? wanted : backoff.delayBefore(attempt, random.getAsDouble()));
    }

    /** The delay after an attempt that ended with this failure, or empty to give up. */
    Optional<Duration> retryAfterFailure(int attempt, Throwable failure) {
        return retryable.test(failure) ? retryAfter(attempt, null) : Optional.empty();
    }
}
