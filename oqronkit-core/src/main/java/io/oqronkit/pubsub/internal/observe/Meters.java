package io.oqronkit.pubsub.internal.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import io.oqronkit.pubsub.internal.deliver.Outcomes;
import io.oqronkit.pubsub.internal.publish.Publishing;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures what a {@code PubSub} does. What only Redis knows is asked for beside the scrape, on one thread, every few
 * seconds. Safe for concurrent use.
 */
public final class Meters implements AutoCloseable {

    private final MeterRegistry registry;
    private final Refresh refresh;
    private final Map<Subscription, Gauge> readers = new ConcurrentHashMap<>();

    /** @param every how often Redis is asked */
    public Meters(MeterRegistry registry, Duration every) {
        this.registry = registry;
        this.refresh = new Refresh(every);
    }

    Publishing over(Publishing publisher, String topic) {
        return new MeasuredPublishing(publisher, new PublishTimers(registry, topic));
    }

    BatchStore over(BatchStore store, String topic) {
        return new MeasuredStore(store, Measure.PUBLISH_BATCH_SIZE.summary(registry, topic));
    }

    Outcomes outcomes(String topic, String group) {
        return new GroupTimers(registry, topic, group);
    }

    void opened(DefaultTopicAdmin topic) {
        refresh.add(new Standing(registry, topic));
    }

    void subscribed(Subscription subscription) {
        String topic = subscription.topic();
        String group = subscription.group();
        for (DropReason reason : DropReason.values()) {
            Measure.DROPPED.counter(registry, topic, group, Measure.value(reason));
        }
        readers.put(
                subscription,
                Measure.READER_STATE.gauge(
                        registry, subscription, it -> it.state() == SubscriptionState.RUNNING ? 1 : 0, topic, group));
        refresh.soon();
    }

    void closed(Subscription subscription) {
        Gauge reader = readers.remove(subscription);
        if (reader != null) {
            registry.remove(reader);
        }
    }

    void count(PubSubEvent event) {
        if (event instanceof MessagesDropped dropped) {
            Measure.DROPPED
                    .counter(registry, dropped.topic(), dropped.group(), Measure.value(dropped.reason()))
                    .increment((double) dropped.count());
        }
    }

    @Override
    public void close() {
        refresh.close();
    }
}
