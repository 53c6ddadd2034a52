package io.oqronkit.pubsub.internal.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Every meter there is: its name, its tags, what it means. All meters of a name have the same tag keys, since Prometheus
 * refuses them otherwise; the value is {@code none} where there is nothing to say. The guide's table is held to this.
 */
enum Measure {
    PUBLISH(
            Meter.Type.TIMER,
            "From the call of publish to its answer, each message for itself. Outcome: stored, duplicate, failed"
                    + " (certainly not stored), unknown (may be stored)",
            "topic, outcome"),
    PUBLISH_BATCH_SIZE(
            Meter.Type.DISTRIBUTION_SUMMARY,
            "Messages that go to Redis in one call; batches form by themselves under load",
            "topic"),
    PROCESS(
            Meter.Type.TIMER,
            "From the start of a delivery to its settlement. Outcome: ack, discarded, retry, dead-letter, dropped (given"
                    + " up without dead letters), halted, filtered, expired, lost (given to somebody else meanwhile)",
            "topic, group, outcome"),
    ATTEMPTS(
            Meter.Type.DISTRIBUTION_SUMMARY,
            "Attempts a message took until it was acknowledged or given up",
            "topic, group"),
    DROPPED(
            Meter.Type.COUNTER,
            "Messages removed that the group had not handled, as this process noticed. Reason: as in MessagesDropped",
            "topic, group, reason"),
    LAG(Meter.Type.GAUGE, "Messages not yet handed to the group", "topic, group"),
    PENDING(Meter.Type.GAUGE, "Messages handed out and not settled", "topic, group"),
    PARKED(Meter.Type.GAUGE, "Messages that wait for their next attempt", "topic, group"),
    BACKLOG(Meter.Type.GAUGE, "Messages the group has not finished: lag, pending and parked together", "topic, group"),
    DEAD_LETTERS(Meter.Type.GAUGE, "Messages given up and kept with their cause", "topic, group"),
    OLDEST_UNFINISHED_AGE(
            Meter.Type.GAUGE,
            "Age in seconds of the oldest message in the log that the group has not finished; 0 without one",
            "topic, group"),
    READER_STATE(
            Meter.Type.GAUGE, "1 while this process reads for the group, 0 while paused or stalled", "topic, group"),
    SCHEDULED(Meter.Type.GAUGE, "Messages that have not entered the log yet", "topic");

    private static final String PREFIX = "oqronkit.pubsub.";
    private static final String NONE = "none";

    private final Meter.Type type;
    private final String meaning;
    private final String keys;

    Measure(Meter.Type type, String meaning, String keys) {
        this.type = type;
        this.meaning = meaning;
        this.keys = keys;
    }

    String meter() {
        return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    Meter.Type type() {
        return type;
    }

    String meaning() {
        return meaning;
    }

    List<String> keys() {
        return List.of(keys.split(", "));
    }

    Timer timer(MeterRegistry registry, String... values) {
        return Timer.builder(meter()).description(meaning).tags(tags(values)).register(registry);
    }

    DistributionSummary summary(MeterRegistry registry, String... values) {
        return DistributionSummary.builder(meter())
                .description(meaning)
                .tags(tags(values))
                .register(registry);
    }

    Counter counter(MeterRegistry registry, String... values) {
        return Counter.builder(meter()).description(meaning).tags(tags(values)).register(registry);
    }

    <S> Gauge gauge(MeterRegistry registry, S source, ToDoubleFunction<S> value, String... values) {
        return Gauge.builder(meter(), source, value)
                .description(meaning)
                .tags(tags(values))
                .strongReference(true)
                .register(registry);
    }

    private Tags tags(String... values) {
        return Tags.of(IntStream.range(0, values.length)
                .mapToObj(i -> Tag.of(keys().get(i), values[i].isEmpty() ? NONE : values[i]))
                .toList());
    }

    /** An enum's constant as the value of a tag. */
    static String value(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
