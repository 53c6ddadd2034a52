package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.Attempt.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt that failed, and what becomes of it: the next one after a delay, or none.
 *
 * @param cause why, as it is kept with a dead letter
 * @param thrown what user code threw; null if it said nack or nothing
 * @param wanted the delay the handler asked for; null for the group's backoff
 */
record FailedAttempt(
        String cause, @Nullable Throwable thrown, @Nullable Duration wanted) {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.delivery");

    static FailedAttempt threw(Throwable thrown) {
        return new FailedAttempt(Causes.of(thrown), thrown, null);
    }

    static FailedAttempt because(String cause) {
        return new FailedAttempt(cause, null, null);
    }

    /** At most once for a delivery. */
    void settle(Delivery delivery, DeliveryRules<?> rules) {
        int attempt = delivery.entry().attempt();
        Optional<Duration> delay = thrown == null
                ? rules.failures().retryAfter(attempt, wanted)
                : rules.failures().retryAfterFailure(attempt, thrown);
        if (delay.isPresent()) {
            log.debug(
                    "{} {} failed for group {}, again in {}: {}",
                    rules.topic(),
                    delivery.id(),
                    rules.group(),
                    delay.get(),
                    cause);
            rules.outcomes().ended(delivery, Outcome.RETRY, cause);
            delivery.partition().order().retryAfter(delay.get(), delivery);
        } else {
            giveUp(delivery, rules);
        }
    }

    /** Another attempt would not help, or there is none. */
    void giveUp(Delivery delivery, DeliveryRules<?> rules) {
        if (!delivery.partition().order().halts()) { // which has its own, graver line
            log.warn(
                    "group {} gives up {} {} at attempt {}: {}",
                    rules.group(),
                    rules.topic(),
                    delivery.id(),
                    delivery.entry().attempt(),
                    cause);
        }
        rules.outcomes().ended(delivery, rules.givenUp(delivery), cause);
        delivery.partition().order().giveUp(delivery, cause, rules.deadLetters());
    }
}
