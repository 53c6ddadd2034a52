package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.PubSubProperties.BackoffProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.DeadLetterRetentionProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.GroupProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.RetentionProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.TopicProperties;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Refuses properties that are out of bounds or contradict each other, whether or not a handler uses them. The bounds are
 * those of the API's own values: each property is tried on them alone, so that the failure can name its full key.
 */
final class PropertyChecks {

    /** Where settings of a group stand: a key and what is below it. */
    private record Level(String key, GroupProperties values) {}

    private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofDays(7);
    private static final SubscriptionSettings DEFAULTS =
            SubscriptionSettings.resolve(GroupSettings.none(), DeadLetterPolicy.defaults());

    private PropertyChecks() {}

    static void check(PubSubProperties properties) {
        Level defaults = new Level(PubSubProperties.PREFIX + ".defaults", properties.defaults());
        checkGroup(defaults);
        properties.topics().forEach((name, topic) -> checkTopic(name, topic, defaults));
    }

    private static void checkTopic(String name, TopicProperties topic, Level defaults) {
        String key = PubSubProperties.topicKey(name);
        TopicSpec<Object> any = TopicSpec.of("any", Object.class);
        tried(key, name, value -> TopicSpec.of(value, Object.class));
        tried(key + ".partitions", topic.partitions(), any::partitions);
        tried(key + ".idempotency-window", topic.idempotencyWindow(), any::idempotencyWindow);
        checkRetention(key + ".retention", topic.retention());
        DeadLetterRetentionProperties dead = topic.deadLetter().retention();
        tried(key + ".dead-letter.retention.max-age", dead.maxAge(), value -> Retention.of(value, null));
        tried(key + ".dead-letter.retention.max-count", dead.maxCount(), value -> Retention.of(null, value));
        tried(key + ".dead-letter.max-retries", topic.deadLetter().maxRetries(), DeadLetterPolicy::afterRetries);
        tried(
                key + ".dead-letter.max-redrives",
                topic.deadLetter().maxRedrives(),
                DeadLetterPolicy.defaults()::maxRedrives);

        Level everyGroup = new Level(key, topic.everyGroup());
        checkGroup(everyGroup, defaults);
        topic.groups().forEach((group, values) -> {
            String groupKey = PubSubProperties.groupKey(name, group);
            tried(groupKey, group, SubscriptionSpec::group);
            checkGroup(new Level(groupKey, values), everyGroup, defaults);
        });
    }

    private static void checkRetention(String key, RetentionProperties retention) {
        tried(key + ".max-age", retention.maxAge(), value -> Retention.of(value, null));
        tried(key + ".max-count", retention.maxCount(), value -> Retention.of(null, value));
        tried(key + ".abandon-after", retention.abandonAfter(), Retention.forever()::abandonAfter);
        tried(key + ".cap", retention.cap(), value -> Retention.of(null, retention.maxCount())
                .cap(value, CapAction.REJECT));
        CapAction action = retention.capAction();
        if (action != null && retention.cap() == null) {
            throw StartRefusedException.property(
                    key + ".cap-action", RelaxedNames.of(action), "it needs " + key + ".cap, which is not set");
        }
    }

    /** @param levels the one to check, then those it falls back on */
    private static void checkGroup(Level... levels) {
        String key = levels[0].key();
        GroupProperties values = levels[0].values();
        SubscriptionSpec<Object> any = SubscriptionSpec.group("any");
        tried(key + ".concurrency", values.concurrency(), any::concurrency);
        tried(key + ".start-from", values.startFrom(), Position::parse);
        tried(key + ".max-retries", values.maxRetries(), any::maxRetries);
        tried(key + ".ack-deadline", values.ackDeadline(), any::ackDeadline);
        tried(key + ".max-processing-time", values.maxProcessingTime(), any::maxProcessingTime);
        checkBackoff(key + ".backoff", values.backoff());
        tried(key + ".batch-size", values.batchSize(), any::batchSize);
        checkRetryRule(key, values);
        checkMode(levels);
        notLonger(
                setting("ack-deadline", GroupProperties::ackDeadline, DEFAULTS.ackDeadline(), levels),
                setting(
                        "max-processing-time",
                        GroupProperties::maxProcessingTime,
                        DEFAULTS.maxProcessingTime(),
                        levels));
        notLonger(
                setting(
                        "backoff.initial",
                        v -> v.backoff().initial(),
                        Backoff.defaults().initial(),
                        levels),
                setting(
                        "backoff.max",
                        v -> v.backoff().max(),
                        Backoff.defaults().max(),
                        levels));
    }

    private static void checkRetryRule(String key, GroupProperties values) {
        List<String> noRetryFor = values.noRetryFor();
        List<String> retryOnlyFor = values.retryOnlyFor();
        if (noRetryFor != null) {
            noRetryFor.forEach(name -> tried(key + ".no-retry-for", name, RetryRules::failure));
        }
        if (retryOnlyFor == null) {
            return;
        }
        retryOnlyFor.forEach(name -> tried(key + ".retry-only-for", name, RetryRules::failure));
        if (retryOnlyFor.isEmpty() || noRetryFor != null) {
            throw StartRefusedException.property(
                    key + ".retry-only-for",
                    String.join(", ", retryOnlyFor),
                    noRetryFor == null
                            ? "it must name a class; to retry nothing set max-retries to 0"
                            : "it excludes " + key + ".no-retry-for, which is set too");
        }
    }

    private static void checkBackoff(String key, BackoffProperties backoff) {
        tried(key + ".initial", backoff.initial(), value -> Backoff.of(value, 1, LONGEST_BACKOFF, 0));
        tried(key + ".multiplier", backoff.multiplier(), v -> Backoff.of(SHORTEST_BACKOFF, v, LONGEST_BACKOFF, 0));
        tried(key + ".max", backoff.max(), value -> Backoff.of(SHORTEST_BACKOFF, 1, value, 0));
        tried(key + ".jitter", backoff.jitter(), value -> Backoff.of(SHORTEST_BACKOFF, 1, LONGEST_BACKOFF, value));
    }

    /** @param rule throws IllegalArgumentException saying what is allowed */
    static <V> void tried(String key, @Nullable V value, Consumer<V> rule) {
        if (value == null) {
            return;
        }
        try {
            rule.accept(value);
        } catch (IllegalArgumentException e) {
            throw StartRefusedException.property(key, value, e.getMessage());
        }
    }

    /** A value in effect and where it comes from; the key is null for the built-in default. */
    private record Setting<V>(String name, @Nullable String key, V value) {
        @Override
        public String toString() {
            String shown =
                    value instanceof Duration duration ? StartRefusedException.text(duration) : RelaxedNames.of(value);
            return key == null ? "%s, which is %s by default".formatted(name, shown) : key + ", which is " + shown;
        }
    }

    private static <V> Setting<V> setting(
            String name, Function<GroupProperties, @Nullable V> read, V fallback, Level... levels) {
        for (Level level : levels) {
            V value = read.apply(level.values());
            if (value != null) {
                return new Setting<>(name, level.key() + "." + name, value);
            }
        }
        return new Setting<>(name, null, fallback);
    }

    private static void checkMode(Level... levels) {
        Setting<ConsumerMode> mode = setting("mode", GroupProperties::mode, DEFAULTS.mode(), levels);
        Setting<Integer> concurrency =
                setting("concurrency", GroupProperties::concurrency, DEFAULTS.concurrency(), levels);
        if (mode.value() == ConsumerMode.EXCLUSIVE && concurrency.value() > 1) {
            throw StartRefusedException.property(
                    String.valueOf(concurrency.key()), concurrency.value(), "it must be 1 with " + mode);
        }
        Setting<AfterRetries> afterRetries =
                setting("after-retries", GroupProperties::afterRetries, DEFAULTS.afterRetries(), levels);
        if (mode.value() == ConsumerMode.COMPETING && afterRetries.value() == AfterRetries.HALT) {
            throw StartRefusedException.property(
                    String.valueOf(afterRetries.key()),
                    "halt",
                    "it needs a mode with an order, exclusive or key-ordered, and not " + mode);
        }
    }

    private static void notLonger(Setting<Duration> shorter, Setting<Duration> longer) {
        if (shorter.value().compareTo(longer.value()) <= 0) {
            return;
        }
        if (shorter.key() != null) {
            throw StartRefusedException.property(
                    shorter.key(), shorter.value(), "it must not be longer than " + longer);
        }
        throw StartRefusedException.property(
                String.valueOf(longer.key()), longer.value(), "it must not be shorter than " + shorter);
    }
}
