package io.oqronkit.pubsub.internal.observe;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.Outcomes;
import java.util.EnumMap;
import java.util.Map;

/** How long the deliveries of one group take, by their outcome. Safe for concurrent use. */
final class GroupTimers implements Outcomes {

    private final Map<Outcome, Timer> timers = new EnumMap<>(Outcome.class);
    private final DistributionSummary attempts;

    /** All outcomes at once, so that the first of a kind is a step from 0 to 1 that a rate can see. */
    GroupTimers(MeterRegistry registry, String topic, String group) {
        for (Outcome outcome : Outcome.values()) {
            timers.put(outcome, Measure.PROCESS.timer(registry, topic, group, Measure.value(outcome)));
        }
        this.attempts = Measure.ATTEMPTS.summary(registry, topic, group);
    }

    @Override
    public void ended(Delivery delivery, Outcome decided, String cause) {
        Outcome outcome = delivery.outcome(decided);
        Timer timer = timers.get(outcome);
        if (timer != null) {
            timer.record(delivery.sinceStart());
        }
        switch (outcome) {
            case ACK, DISCARDED, DEAD_LETTER, DROPPED -> attempts.record(delivery.attempt());
            case RETRY, HALTED, FILTERED, EXPIRED, LOST -> {}
        }
    }
}
