package io.oqronkit.pubsub.internal.observe;

import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import io.oqronkit.pubsub.internal.deliver.DeliveryRules;
import io.oqronkit.pubsub.internal.deliver.Outcomes;
import io.oqronkit.pubsub.internal.publish.Publishing;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts meters, traces and what tells of the traffic round the parts of a {@code PubSub} when these are wired; without them
 * every part stays as it is, and Micrometer need not be there. Safe for concurrent use.
 */
public record Watch(
        @Nullable Meters meters,
        @Nullable Traces traces,
        @Nullable Traffic traffic) implements AutoCloseable {

    public Publishing over(Publishing publisher, String topic) {
        Publishing traced = traces == null ? publisher : traces.over(publisher, topic);
        Publishing told = traffic == null ? traced : traffic.over(traced);
        return meters == null ? told : meters.over(told, topic);
    }

    public BatchStore over(BatchStore store, String topic) {
        return meters == null ? store : meters.over(store, topic);
    }

    public <T> DeliveryRules<T> over(DeliveryRules<T> rules) {
        Outcomes measured = meters == null ? rules.outcomes() : meters.outcomes(rules.topic(), rules.group());
        Outcomes told = traffic == null ? measured : traffic.outcomes(rules.topic(), rules.group(), measured);
        return traces == null
                ? rules.watched(UnaryOperator.identity(), UnaryOperator.identity(), told)
                : rules.watched(traces::over, traces::overAll, told);
    }

    public void opened(DefaultTopicAdmin topic) {
        if (meters != null) {
            meters.opened(topic);
        }
    }

    public void subscribed(Subscription subscription) {
        if (meters != null) {
            meters.subscribed(subscription);
        }
    }

    public void closed(Subscription subscription) {
        if (meters != null) {
            meters.closed(subscription);
        }
    }

    /** On the thread that tells of it. */
    void count(PubSubEvent event) {
        if (meters != null) {
            meters.count(event);
        }
    }

    @Override
    public void close() {
        if (meters != null) {
            meters.close();
        }
    }
}
