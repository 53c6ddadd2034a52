package io.oqronkit.pubsub.test.shop;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.OqronSubscriber;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application with a group for each way a message can end. */
@SpringBootApplication
class ShopApplication {

    /** Whether the ledger knows an account for ord_13. */
    static final AtomicBoolean KNOWS_ALL_ACCOUNTS = new AtomicBoolean();

    @Bean
    static TopicSpec<OrderEvent> orderEvents() {
        return TopicSpec.of("order-events", OrderEvent.class);
    }

    @OqronSubscriber(topic = "order-events", group = "billing")
    void bill(OrderEvent event) {}

    @OqronSubscriber(topic = "order-events", group = "shipping", filter = "event == 'order.paid'")
    void ship(MessageContext<OrderEvent> context) {
        if (context.message().orderId().equals("ord_nowhere")) {
            context.discard("has no address");
        }
    }

    @OqronSubscriber(topic = "order-events", group = "ledger")
    void book(OrderEvent event) {
        if (event.orderId().equals("ord_13") && !KNOWS_ALL_ACCOUNTS.get()) {
            throw new IllegalStateException("no account for ord_13");
        }
    }

    @OqronSubscriber(topic = "order-events", group = "courier")
    void drive(MessageContext<OrderEvent> context) throws InterruptedException {
        if (context.message().orderId().equals("ord_far") && context.attempt() == 1) {
            Thread.sleep(Duration.ofMinutes(1).toMillis()); // interrupted
        }
    }
}
