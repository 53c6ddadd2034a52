package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.spring.OqronSubscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/** Four groups, each of which gets every message; their settings stand in application.yml. */
@Component
class OrderSubscribers {

    private static final Logger log = LoggerFactory.getLogger("orders");
    private static final String REFUSED_BY_LEDGER = "ord_13";

    @OqronSubscriber(topic = "order-events", group = "billing-service")
    void bill(OrderEvent event) {
        log.info("billing    {} of {}: {} EUR", event.event(), event.orderId(), event.amount());
    }

    @OqronSubscriber(topic = "order-events", group = "analytics-service")
    void analyse(MessageContext<OrderEvent> context) {
        log.info(
                "analytics  {} of {}: partition {}, offset {}",
                context.message().event(),
                context.message().orderId(),
                context.partition(),
                context.offset());
    }

    @OqronSubscriber(topic = "order-events", group = "shipping", filter = "event == 'order.paid'")
    void ship(OrderEvent event, @Header("source") String source) {
        log.info("shipping   {} goes out, it came from {}", event.orderId(), source);
    }

    /** Fails for one order, so that retries and a dead letter can be seen. */
    @OqronSubscriber(topic = "order-events", group = "ledger", filter = "event == 'order.paid'")
    void book(MessageContext<OrderEvent> context) {
        String orderId = context.message().orderId();
        if (orderId.equals(REFUSED_BY_LEDGER)) {
            log.info("ledger     {} fails, attempt {} of {}", orderId, context.attempt(), context.maxAttempts());
            throw new IllegalStateException("the ledger knows no account for " + orderId);
        }
        log.info("ledger     {} is booked", orderId);
    }
}
