package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.Configuration;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.deliver.DeliveryRules;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The subscriptions of one {@code PubSub}: one for each topic and group. Safe for concurrent use. */
final class Subscriptions {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub");

    private final RedisLinks links;
    private final PayloadCodec codec;
    private final Configuration configuration;
    private final Instance instance;
    private final Map<String, Object> byTopicAndGroup = new ConcurrentHashMap<>();

    Subscriptions(RedisLinks links, PayloadCodec codec, Configuration configuration, Instance instance) {
        this.links = links;
        this.codec = codec;
        this.configuration = configuration;
        this.instance = instance;
    }

    <T> Subscription start(TopicSpec<T> topic, TopicRuntime runtime, SubscriptionSpec<T> spec) {
        String place = topic.name() + "/" + spec.group();
        SubscriptionSettings settings =
                spec.resolve(configuration.group(topic.name(), spec.group()), topic.deadLetter());
        DeliveryRules<T> rules = instance.watch()
                .over(DeliveryRules.of(topic.name(), spec, settings, codec, topic.type(), instance.classifier()));
        Object reserved = new Object();
        if (byTopicAndGroup.putIfAbsent(place, reserved) != null) {
            throw new IllegalStateException("topic '%s' already has a subscription for group '%s' in this PubSub"
                    .formatted(topic.name(), spec.group()));
        }
        try {
            RunningSubscription running =
                    RunningSubscription.start(rules, settings, runtime, links, instance, () -> ended(place));
            byTopicAndGroup.put(place, running);
            instance.watch().subscribed(running);
            log.info(
                    "subscribed topic={} group={} partitions={} {}",
                    topic.name(),
                    spec.group(),
                    runtime.partitions().size(),
                    settings);
            return running;
        } catch (RuntimeException e) {
            byTopicAndGroup.remove(place, reserved);
            throw e;
        }
    }

    /** Of one topic: each reads every partition that there is by now. Asks Redis. */
    void follow(TopicRuntime topic) {
        for (Subscription subscription : running()) {
            if (subscription instanceof RunningSubscription running
                    && running.topic().equals(topic.name())) {
                running.follow(topic.partitions(), links);
            }
        }
    }

    private void ended(String place) {
        if (byTopicAndGroup.remove(place) instanceof Subscription subscription) {
            instance.watch().closed(subscription);
        }
    }

    List<Subscription> running() {
        return byTopicAndGroup.values().stream()
                .filter(Subscription.class::isInstance)
                .map(Subscription.class::cast)
                .toList();
    }
}
