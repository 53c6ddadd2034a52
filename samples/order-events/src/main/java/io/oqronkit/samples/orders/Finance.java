package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.spring.OqronSubscriber;
import jakarta.validation.Valid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

/** The groups that look after money. */
@Component
class Finance {

    private static final Logger log = LoggerFactory.getLogger("orders");
    private static final String REFUSED_BY_LEDGER = "ord_13";
    private static final double SUSPICIOUS = 10_000;

    /** What is not valid never will be: a dead letter at once. */
    @OqronSubscriber(topic = "order-events", group = "billing-service")
    void bill(@Payload @Valid OrderEvent event) {
        log.info("billing    {} of {}: {} EUR", event.event(), event.orderId(), event.amount());
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

    /** Its filter is a bean; its exception is one that application.yml does not have tried again. */
    @OqronSubscriber(topic = "order-events", group = "fraud-check", filter = "@largeOrders")
    void check(OrderEvent event) {
        if (event.amount() >= SUSPICIOUS) {
            throw new SuspectedFraudException("somebody should look at " + event.orderId());
        }
        log.info("fraud      {} is large, but looks fine", event.orderId());
    }
}
