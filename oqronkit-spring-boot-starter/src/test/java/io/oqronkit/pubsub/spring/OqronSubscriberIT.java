package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;

/** From publish to annotated method on a real Redis, in a Boot application. */
@ExtendWith({EmbeddedRedisExtension.class, OutputCaptureExtension.class})
class OqronSubscriberIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    record Order(String event, String orderId) {}

    static final class Handlers {

        final List<String> billed = new CopyOnWriteArrayList<>();
        final List<String> shipped = new CopyOnWriteArrayList<>();
        final List<Integer> attempts = new CopyOnWriteArrayList<>();

        @OqronSubscriber(topic = "order-events", group = "billing", concurrency = "2")
        void bill(Order order, @Header("source") String source) {
            billed.add(order.orderId() + " from " + source);
        }

        @OqronSubscriber(
                topic = "order-events",
                group = "shipping",
                filter = "event == 'order.paid' and #key == 'cust-7'",
                ackMode = "manual")
        void ship(MessageContext<Order> context) {
            shipped.add(context.message().orderId());
            context.ack();
        }

        @OqronSubscriber(topic = "order-events", group = "ledger", maxRetries = "2")
        void book(Order order, MessageContext<Order> context) throws IOException {
            if (order.orderId().equals("bad")) {
                attempts.add(context.attempt());
                throw new IOException("the book is closed");
            }
        }

        @OqronSubscriber(topic = "order-events", group = "later", autoStartup = "false")
        void later(Order order) {}
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        @Bean
        Heard heard() {
            return new Heard();
        }
    }

    static final class Heard implements PubSubListener {

        final List<PubSubEvent> events = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(PubSubEvent event) {
            events.add(event);
        }
    }

    private EmbeddedRedis redis;

    @BeforeEach
    void remember(EmbeddedRedis redis) {
        this.redis = redis;
    }

    @Test
    void handlesWhatIsPublished(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE)) {
            Handlers handlers = context.getBean(Handlers.class);
            Topic<Order> orders = context.getBean(PubSub.class).topic("order-events", Order.class);

            publish(orders, "order.created", "1");
            publish(orders, "order.paid", "2");

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(handlers.billed).containsExactlyInAnyOrder("1 from web", "2 from web");
                assertThat(handlers.shipped).containsExactly("2");
                for (String group : List.of("billing", "shipping", "ledger")) {
                    assertThat(stats(orders, group).backlog()).as(group).isZero();
                }
            });
            assertThat(orders.partitions()).isEqualTo(2);
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("subscribed topic=order-events group=billing")))
                .singleElement()
                .asString()
                .contains("concurrency=2 mode=competing ack-mode=auto");
        assertThat(output.getOut()).doesNotContain(" ERROR ").doesNotContain(" WARN ");
    }

    @Test
    void retriesThenDeadLettersWithTheHandlersOwnException() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE)) {
            Handlers handlers = context.getBean(Handlers.class);
            Topic<Order> orders = context.getBean(PubSub.class).topic("order-events", Order.class);

            publish(orders, "order.paid", "bad");

            await().atMost(SOON).until(() -> stats(orders, "ledger").deadLetters() == 1);
            assertThat(handlers.attempts).containsExactly(1, 2, 3);
            assertThat(orders.admin().deadLetters("ledger", 10)).singleElement().satisfies(letter -> {
                assertThat(letter.attempts()).isEqualTo(3);
                assertThat(letter.cause())
                        .startsWith("java.io.IOException")
                        .contains("the book is closed")
                        .doesNotContain("Messaging")
                        .doesNotContain("InvocationTarget");
            });
            assertThat(stats(orders, "billing").deadLetters()).isZero();
        }
    }

    @Test
    void tellsListenersInTheContextWhatHappens() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE)) {
            Heard heard = context.getBean(Heard.class);

            redis.kill();
            await().atMost(SOON).until(() -> heard.events.stream().anyMatch(RedisLost.class::isInstance));
            redis.restart();

            await().atMost(SOON).until(() -> heard.events.stream().anyMatch(RedisFound.class::isInstance));
        }
    }

    @Test
    void goesOnAfterTheContextWasStoppedAndStarted() {
        try (ConfigurableApplicationContext context = start(WebApplicationType.NONE)) {
            Handlers handlers = context.getBean(Handlers.class);
            Topic<Order> orders = context.getBean(PubSub.class).topic("order-events", Order.class);

            context.stop();
            publish(orders, "order.paid", "1");
            assertThat(handlers.billed).isEmpty();
            context.start();

            await().atMost(SOON).untilAsserted(() -> assertThat(handlers.billed).containsExactly("1 from web"));
        }
    }

    @Test
    void showsEverySubscriptionInTheHealthEndpoint() throws Exception {
        try (ConfigurableApplicationContext context = start(WebApplicationType.SERVLET)) {
            String port = context.getEnvironment().getProperty("local.server.port");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health"))
                    .build();

            String health = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();

            assertThat(health)
                    .contains("\"pubsub\":{\"details\":{\"subscriptions\":[")
                    .contains("{\"topic\":\"order-events\",\"group\":\"billing\",\"state\":\"RUNNING\"}")
                    .contains("{\"topic\":\"order-events\",\"group\":\"shipping\",\"state\":\"RUNNING\"}")
                    .contains("{\"topic\":\"order-events\",\"group\":\"ledger\",\"state\":\"RUNNING\"}")
                    .contains("{\"topic\":\"order-events\",\"group\":\"later\",\"state\":\"NOT_STARTED\"}")
                    .contains("]},\"status\":\"UP\"}");
        }
    }

    private ConfigurableApplicationContext start(WebApplicationType type) {
        return new SpringApplicationBuilder(Application.class)
                .web(type)
                .properties(
                        "spring.data.redis.url=" + GuideUsers.app(redis),
                        "server.port=0",
                        "management.endpoint.health.show-details=always",
                        "oqronkit.pubsub.topics.order-events.partitions=2",
                        "oqronkit.pubsub.defaults.backoff.initial=10ms")
                .run();
    }

    private static void publish(Topic<Order> orders, String event, String id) {
        orders.publish(OutgoingMessage.of(new Order(event, id)).key("cust-7").header("source", "web"));
    }

    private static GroupStats stats(Topic<Order> orders, String group) {
        return orders.admin().stats().groups().get(group);
    }
}
