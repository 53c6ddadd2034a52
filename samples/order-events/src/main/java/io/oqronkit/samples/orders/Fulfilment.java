package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.spring.OqronSubscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** The groups that the customer hears from. */
@Component
class Fulfilment {

    private static final Logger log = LoggerFactory.getLogger("orders");

    @OqronSubscriber(topic = "order-events", group = "shipping", filter = "event == 'order.paid'")
    void ship(OrderEvent event, @Header("source") String source) {
        log.info("shipping   {} goes out, it came from {}", event.orderId(), source);
    }

    /** Key-ordered, so "paid" never comes before "created"; what the filter rejects by its header is not even decoded. */
    @OqronSubscriber(topic = "order-events", group = "customer-mail", filter = "#headers.source == 'checkout'")
    void mail(Message<OrderEvent> message) {
        log.info(
                "mail       {}: {}",
                message.getPayload().orderId(),
                message.getPayload().event());
    }
}
