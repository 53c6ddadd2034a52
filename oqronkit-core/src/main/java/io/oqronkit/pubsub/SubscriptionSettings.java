package io.oqronkit.pubsub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings with which a subscription runs. Immutable; every value is checked.
 *
 * @param concurrency handlers that run at the same time in this process, 1 to 1,000; default 1
 * @param mode how processes share the group's messages; default {@link ConsumerMode#COMPETING}
 * @param ackMode who settles; default {@link AckMode#AUTO}
 * @param startFrom where a group begins that did not exist before; default {@link Position#latest()}
 * @param maxRetries retries after the first attempt, 0 to 1,000; default that of the topic's dead-letter policy
 * @param afterRetries what becomes of a message once they are used up; default {@link AfterRetries#DEAD_LETTER}
 * @param ackDeadline how long a delivery may stay unsettled when its process is gone, 1 s to 1 h; default 30 s. While a
 *     handler runs it is extended by itself
 * @param maxProcessingTime how long a handler may run before its message counts as failed and is given to another
 *     worker, at least {@code ackDeadline}, at most 1 day; default 10 min
 * @param backoff delay between attempts
 * @param retryRule which failures are tried again; default all
 * @param batchSize messages a {@link BatchHandler} is given at most, 1 to 1,000; default 100
 * @param deadLetters false: a message that used up its attempts is dropped and counted
 */
public record SubscriptionSettings(
        int concurrency,
        ConsumerMode mode,
        AckMode ackMode,
        Position startFrom,
        int maxRetries,
        AfterRetries afterRetries,
        Duration ackDeadline,
        Duration maxProcessingTime,
        Backoff backoff,
        RetryRule retryRule,
        int batchSize,
        boolean deadLetters) {

    /** @throws IllegalArgumentException if a value is out of its bounds or two contradict each other */
    public SubscriptionSettings {
        Checks.between("concurrency", concurrency, 1, 1_000);
        Checks.between("max-retries", maxRetries, 0, 1_000);
        Checks.between("batch-size", batchSize, 1, 1_000);
        Checks.between("ack-deadline", ackDeadline, Duration.ofSeconds(1), Duration.ofHours(1));
        Checks.between("max-processing-time", maxProcessingTime, Duration.ofSeconds(1), Duration.ofDays(1));
        if (ackDeadline.compareTo(maxProcessingTime) > 0) {
            throw new IllegalArgumentException(
                    "ack-deadline must not be longer than max-processing-time but was %s and %s"
                            .formatted(Checks.text(ackDeadline), Checks.text(maxProcessingTime)));
        }
        if (mode == ConsumerMode.EXCLUSIVE && concurrency > 1) {
            throw new IllegalArgumentException("concurrency must be 1 with mode exclusive but was " + concurrency
                    + ": key-ordered runs keys side by side");
        }
        if (mode == ConsumerMode.COMPETING && afterRetries == AfterRetries.HALT) {
            throw new IllegalArgumentException(
                    "after-retries halt needs mode exclusive or key-ordered: where there is no order, nothing need wait");
        }
    }

    /** Completes what is set with the topic's dead-letter policy and the defaults. */
    public static SubscriptionSettings resolve(GroupSettings set, DeadLetterPolicy policy) {
        return new SubscriptionSettings(
                or(set.concurrency(), 1),
                or(set.mode(), ConsumerMode.COMPETING),
                or(set.ackMode(), AckMode.AUTO),
                or(set.startFrom(), Position.latest()),
                or(set.maxRetries(), policy.maxRetries()),
                or(set.afterRetries(), AfterRetries.DEAD_LETTER),
                or(set.ackDeadline(), Duration.ofSeconds(30)),
                or(set.maxProcessingTime(), Duration.ofMinutes(10)),
                or(set.backoff(), Backoff.defaults()),
                or(set.retryRule(), RetryRule.always()),
                or(set.batchSize(), 100),
                policy.enabled());
    }

    private static <V> V or(@Nullable V value, V fallback) {
        return value != null ? value : fallback;
    }

    /** True if messages are handled in an order, so that each partition has one owner. */
    public boolean ordered() {
        return mode != ConsumerMode.COMPETING;
    }

    /** The mode in the words of the configuration. */
    public String modeName() {
        return relaxed(mode);
    }

    /** Retries + 1. */
    public int maxAttempts() {
        return maxRetries + 1;
    }

    /** {@code key=value} pairs in the words of the configuration, for one log line. */
    @Override
    public String toString() {
        return "concurrency=%d mode=%s ack-mode=%s start-from=%s max-retries=%d after-retries=%s ack-deadline=%s max-processing-time=%s backoff=%s*%s..%s~%s %s batch-size=%d dead-letters=%s"
                .formatted(
                        concurrency,
                        modeName(),
                        relaxed(ackMode),
                        startFrom,
                        maxRetries,
                        relaxed(afterRetries),
                        Checks.text(ackDeadline),
                        Checks.text(maxProcessingTime),
                        Checks.text(backoff.initial()),
                        backoff.multiplier(),
                        Checks.text(backoff.max()),
                        backoff.jitter(),
                        retryRule,
                        batchSize,
                        deadLetters);
    }

    static String relaxed(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
