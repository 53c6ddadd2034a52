package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.TopicSpec;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Run it, then post an order: the README shows how. */
@SpringBootApplication
public class OrderEventsApplication {

    /** Opened at start and injected as {@code Topic<OrderEvent>}; its settings stand in application.yml. */
    @Bean
    static TopicSpec<OrderEvent> orderEvents() {
        return TopicSpec.of("order-events", OrderEvent.class);
    }

    public static void main(String[] args) {
        SpringApplication.run(OrderEventsApplication.class, args);
    }
}
