package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.MessageFilter;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.TopicSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Run it, then post an order: the README shows how. */
@SpringBootApplication
public class OrderEventsApplication {

    private static final Logger log = LoggerFactory.getLogger("orders");

    /** Opened at start and injected as {@code Topic<OrderEvent>}; its settings stand in application.yml. */
    @Bean
    static TopicSpec<OrderEvent> orderEvents() {
        return TopicSpec.of("order-events", OrderEvent.class);
    }

    /** The filter {@code @largeOrders} of fraud-check. */
    @Bean
    static MessageFilter<OrderEvent> largeOrders() {
        return (event, key, headers) -> event.event().equals("order.created") && event.amount() >= 1_000;
    }

    /** Is told of everything unusual, and passes on what should wake somebody. */
    @Bean
    static PubSubListener pager() {
        return event -> {
            if (event instanceof MessagesDropped || event instanceof RedisLost || event instanceof RedisFound) {
                log.warn("pager      {}", event);
            }
        };
    }

    public static void main(String[] args) {
        SpringApplication.run(OrderEventsApplication.class, args);
    }
}
