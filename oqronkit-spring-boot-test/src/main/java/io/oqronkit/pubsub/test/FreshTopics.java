package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicAdmin;

/** Lets a test begin as if nothing had been published, with no group paused. */
final class FreshTopics {

    private final PubSub pubSub;

    FreshTopics(PubSub pubSub) {
        this.pubSub = pubSub;
    }

    void empty() {
        for (Topic<?> topic : pubSub.topics()) {
            TopicAdmin admin = topic.admin();
            admin.purge();
            admin.stats().groups().forEach((group, stats) -> {
                if (stats.paused()) {
                    admin.resume(group);
                }
            });
        }
    }
}
