package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.Configuration;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.PubSubProperties.BackoffProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.GroupProperties;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The application's properties as the library's configuration: what holds for a topic, and for a group of it. */
final class ConfiguredTopics implements Configuration {

    private final PubSubProperties properties;
    private final Map<String, TopicSpec<?>> declared = new HashMap<>();

    /** @throws StartRefusedException naming the key of a bad value */
    ConfiguredTopics(PubSubProperties properties) {
        this(properties, Stream.empty());
    }

    /**
     * @param declared topics as code has them; properties win over each value
     * @throws StartRefusedException naming the key of a bad value, or the topic that is declared twice
     */
    ConfiguredTopics(PubSubProperties properties, Stream<TopicSpec<?>> declared) {
        PropertyChecks.check(properties);
        this.properties = properties;
        declared.forEach(this::declare);
    }

    private void declare(TopicSpec<?> spec) {
        if (declared.put(spec.name(), spec) != null) {
            throw new StartRefusedException(
                    "Two TopicSpec beans declare the topic '%s'.".formatted(spec.name()), "Remove one of them.", null);
        }
        try {
            topic(spec);
        } catch (IllegalArgumentException e) {
            throw new StartRefusedException(
                    "The TopicSpec bean of topic '%s' and its properties contradict each other: %s."
                            .formatted(spec.name(), e.getMessage()),
                    "Correct the bean or '%s'.".formatted(PubSubProperties.topicKey(spec.name())),
                    e);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a TopicSpec holds nothing of its T
    public <T> TopicSpec<T> topic(String name, Class<T> type) {
        TopicSpec<?> spec = declared.get(name);
        return topic(spec == null ? TopicSpec.of(name, type) : (TopicSpec<T>) spec.type(type));
    }

    /** As it is declared, with what its properties say instead. */
    <T> TopicSpec<T> topic(TopicSpec<T> spec) {
        return TopicOverlay.over(
                spec, properties.topic(spec.name()), properties.defaults().maxRetries());
    }

    @Override
    public GroupSettings group(String topic, String group) {
        return group(topic, group, GroupSettings.none());
    }

    /**
     * The group's own properties over what its handler's annotation sets, over those of its topic, over what the topic's
     * bean declares, over the defaults.
     */
    GroupSettings group(String topic, String group, GroupSettings annotation) {
        GroupProperties own = properties.topic(topic).group(group);
        GroupProperties everyGroup = properties.topic(topic).everyGroup();
        GroupProperties defaults = properties.defaults();
        return settings(own)
                .orElse(annotation)
                .orElse(settings(everyGroup))
                .orElse(declaredRetries(topic))
                .orElse(settings(defaults))
                .orElse(backoff(own, everyGroup, defaults));
    }

    private GroupSettings declaredRetries(String topic) {
        TopicSpec<?> spec = declared.get(topic);
        return spec == null ? GroupSettings.none() : GroupSettings.none().maxRetries(TopicOverlay.retries(spec));
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
