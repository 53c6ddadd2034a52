package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * DOWN while Redis is out of reach, and while a subscription wants to read and cannot; OUT_OF_SERVICE while messages are stored by fewer replicas than
 * wanted. A backlog, a pause, a handler that was never started or a group that nobody consumes any more is not a fault.
 * Reads states in memory and asks nobody, so it cannot hang.
 */
final class PubSubHealthIndicator implements HealthIndicator {

    private final PubSub pubSub;
    private final OqronSubscriberRegistry registry;

    PubSubHealthIndicator(PubSub pubSub, OqronSubscriberRegistry registry) {
        this.pubSub = pubSub;
        this.registry = registry;
    }

    @Override
    public Health health() {
        Map<String, Map<String, String>> details = new TreeMap<>();
        for (Subscriber subscriber : registry.subscribers()) {
            details.put(
                    subscriber.topicAndGroup(),
                    detail(subscriber.topic().name(), subscriber.spec().group(), "NOT_STARTED"));
        }
        Health.Builder health = Health.up();
        pubSub.durabilityShortfall()
                .ifPresent(shortfall -> health.outOfService().withDetail("durability", shortfall));
        pubSub.redisOutage().ifPresent(outage -> health.down().withDetail("redis", outage));
        pubSub.durabilityWarning().ifPresent(warning -> health.withDetail("durabilityWarning", warning));
        for (Subscription subscription : pubSub.subscriptions()) {
            SubscriptionState state = subscription.state();
            Map<String, String> detail = detail(subscription.topic(), subscription.group(), state.name());
            if (state == SubscriptionState.STALLED) {
                health.down();
                subscription.stalledBecause().ifPresent(reason -> detail.put("reason", reason));
            }
            details.put(subscription.topic() + "/" + subscription.group(), detail);
        }
        if (!pubSub.abandonedGroups().isEmpty()) {
            health.withDetail("abandonedGroups", pubSub.abandonedGroups());
        }
        return health.withDetail("subscriptions", List.copyOf(details.values())).build();
    }

    private static Map<String, String> detail(String topic, String group, String state) {
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("topic", topic);
        detail.put("group", group);
        detail.put("state", state);
        return detail;
    }
}
