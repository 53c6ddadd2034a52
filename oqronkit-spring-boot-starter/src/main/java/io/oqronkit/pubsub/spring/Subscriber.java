package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.TopicSpec;

/**
 * An annotated method, read and checked: all that is needed to subscribe.
 *
 * @param id its name in the registry
 * @param method for people, as {@code com.acme.Billing#charge(OrderEvent)}
 */
record Subscriber(
        String id, String method, TopicSpec<Object> topic, SubscriptionSpec<Object> spec, boolean autoStartup) {

    Subscription subscribe(PubSub pubSub) {
        return pubSub.topic(topic).subscribe(spec);
    }

    String topicAndGroup() {
        return topic.name() + "/" + spec.group();
    }
}
