package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.PubSubEvent.GroupRecreated;
import io.oqronkit.pubsub.PubSubEvent.HistoryRewound;
import io.oqronkit.pubsub.PubSubEvent.LeaseLost;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.PubSubEvent.SubscriptionRecovered;
import io.oqronkit.pubsub.PubSubEvent.SubscriptionStalled;
import io.oqronkit.pubsub.PubSubListener;
import java.time.Instant;

/** Tells what happens to one group on one partition. Safe for concurrent use. */
public record GroupEvents(String topic, String group, int partition, PubSubListener listener) {

    public void recreated() {
        listener.onEvent(new GroupRecreated(topic, group, partition, Instant.now()));
    }

    public void rewound(long from, long to) {
        listener.onEvent(new HistoryRewound(topic, group, partition, from, to, Instant.now()));
    }

    public void dropped(long count, DropReason reason) {
        listener.onEvent(new MessagesDropped(topic, group, partition, count, reason, Instant.now()));
    }

    public void stalled(String reason) {
        listener.onEvent(new SubscriptionStalled(topic, group, partition, reason, Instant.now()));
    }

    public void recovered() {
        listener.onEvent(new SubscriptionRecovered(topic, group, partition, Instant.now()));
    }

    void leaseLost(Delivery delivery) {
        listener.onEvent(new LeaseLost(
                topic,
                group,
                delivery.entry().id().in(partition),
                delivery.entry().attempt(),
                Instant.now()));
    }
}
