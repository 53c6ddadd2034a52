package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.Configuration;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.PubSubProperties.BackoffProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.GroupProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.RetentionProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.TopicProperties;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The application's properties as the library's configuration: what holds for a topic, and for a group of it. */
final class ConfiguredTopics implements Configuration {

    private final PubSubProperties properties;

    /** @throws StartRefusedException naming the key of a bad value */
    ConfiguredTopics(PubSubProperties properties) {
        PropertyChecks.check(properties);
        this.properties = properties;
    }

    @Override
    public <T> TopicSpec<T> topic(String name, Class<T> type) {
        TopicProperties topic = properties.topic(name);
        TopicSpec<T> spec =
                TopicSpec.of(name, type).retention(retention(topic.retention())).deadLetter(deadLetter(topic));
        if (topic.idempotencyWindow() != null) {
            spec = spec.idempotencyWindow(topic.idempotencyWindow());
        }
        return topic.partitions() == null ? spec : spec.partitions(topic.partitions());
    }

    private static Retention retention(RetentionProperties set) {
        Retention retention = Retention.of(set.maxAge(), set.maxCount()).unfinished(set.unfinished());
        if (set.abandonAfter() != null) {
            retention = retention.abandonAfter(set.abandonAfter());
        }
        return set.cap() == null
                ? retention
                : retention.cap(set.cap(), Objects.requireNonNullElse(set.capAction(), CapAction.REJECT));
    }

    private DeadLetterPolicy deadLetter(TopicProperties topic) {
        int maxRetries = Stream.of(
                        topic.deadLetter().maxRetries(), properties.defaults().maxRetries())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(DeadLetterPolicy.defaults().maxRetries());
        Integer maxRedrives = topic.deadLetter().maxRedrives();
        return new DeadLetterPolicy(
                topic.deadLetter().enabled(),
                maxRetries,
                maxRedrives == null ? DeadLetterPolicy.defaults().maxRedrives() : maxRedrives,
                Retention.of(
                        topic.deadLetter().retention().maxAge(),
                        topic.deadLetter().retention().maxCount()));
    }

    @Override
    public GroupSettings group(String topic, String group) {
        return group(topic, group, GroupSettings.none());
    }

    /** The group's own properties over what its handler's annotation sets, over those of its topic, over the defaults. */
    GroupSettings group(String topic, String group, GroupSettings annotation) {
        GroupProperties own = properties.topic(topic).group(group);
        GroupProperties everyGroup = properties.topic(topic).everyGroup();
        GroupProperties defaults = properties.defaults();
        return settings(own)
                .orElse(annotation)
                .orElse(settings(everyGroup))
                .orElse(settings(defaults))
                .orElse(backoff(own, everyGroup, defaults));
    }

    private static GroupSettings settings(GroupProperties values) {
        String startFrom = values.startFrom();
        return GroupSettings.none()
                .concurrency(values.concurrency())
                .mode(values.mode())
                .ackMode(values.ackMode())
                .startFrom(startFrom == null ? null : Position.parse(startFrom))
                .maxRetries(values.maxRetries())
                .afterRetries(values.afterRetries())
                .ackDeadline(values.ackDeadline())
                .maxProcessingTime(values.maxProcessingTime())
                .retryRule(RetryRules.of(values))
                .batchSize(values.batchSize());
    }

    /** Each of the four values from the first that sets it, so that a group may change the longest delay alone. */
    private static GroupSettings backoff(GroupProperties... levels) {
        Backoff defaults = Backoff.defaults();
        Backoff backoff = Backoff.of(
                first(BackoffProperties::initial, defaults.initial(), levels),
                first(BackoffProperties::multiplier, defaults.multiplier(), levels),
                first(BackoffProperties::max, defaults.max(), levels),
                first(BackoffProperties::jitter, defaults.jitter(), levels));
        return GroupSettings.none().backoff(backoff);
    }

    private static <V> V first(Function<BackoffProperties, @Nullable V> read, V fallback, GroupProperties... levels) {
        for (GroupProperties level : levels) {
            V value = read.apply(level.backoff());
            if (value != null) {
                return value;
            }
        }
        return fallback;
    }
}
