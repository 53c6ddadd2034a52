package io.oqronkit.pubsub.internal.observe;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.TrafficListener;
import io.oqronkit.pubsub.internal.deliver.Outcomes;
import io.oqronkit.pubsub.internal.publish.Publishing;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application's listeners of the normal course, none of whom can break it. Safe for concurrent use. */
public record Traffic(List<TrafficListener> listeners) {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.events");

    public Traffic {
        listeners = List.copyOf(listeners);
    }

    Publishing over(Publishing publisher) {
        return new ToldPublishing(publisher, this);
    }

    /** Tells of the attempts of one group, after {@code first} has heard of them. */
    Outcomes outcomes(String topic, String group, Outcomes first) {
        return (delivery, decided, cause) -> {
            first.ended(delivery, decided, cause);
            tell(listener -> listener.onAttempt(
                    new Attempt(topic, group, delivery.id(), delivery.attempt(), delivery.outcome(decided), cause)));
        };
    }

    void published(OutgoingMessage<?> message, PublishReceipt receipt) {
        tell(listener -> listener.onPublished(message, receipt));
    }

    private void tell(Consumer<TrafficListener> news) {
        for (TrafficListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (Throwable failure) { // the listener's defect, and no reason to stop
                log.error("traffic listener {} failed", listener, failure);
            }
        }
    }
}
