package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.spring.OqronSubscriber;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The groups that want to know everything. */
@Component
class Insight {

    private static final Logger log = LoggerFactory.getLogger("orders");

    /** Acknowledges by itself: {@code ack-mode: manual}. */
    @OqronSubscriber(topic = "order-events", group = "analytics-service")
    void analyse(MessageContext<OrderEvent> context) {
        log.info(
                "analytics  {} of {}: partition {}, offset {}",
                context.message().event(),
                context.message().orderId(),
                context.partition(),
                context.offset());
        context.ack();
    }

    /** Takes what is there, one message at least, {@code batch-size} at most. */
    @OqronSubscriber(topic = "order-events", group = "search-index")
    void index(List<OrderEvent> events) {
        log.info(
                "search     {} indexed in one go",
                events.stream().map(OrderEvent::orderId).toList());
    }
}
