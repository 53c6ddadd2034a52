package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.HeaderFilter;
import io.oqronkit.pubsub.MessageFilter;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.spring.RecordingPubSub.RecordedSubscription;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the attributes may say, and from where. */
class SubscriberAttributesTest {

    record Order(String event) {}

    static final class Placeholders {
        @OqronSubscriber(
                topic = "${app.topic}",
                group = "${app.group:billing}-${app.region}",
                filter = "event == '${app.event}'",
                concurrency = "${app.concurrency}",
                mode = "${app.mode}",
                ackMode = "${app.ack-mode}",
                startFrom = "${app.start-from}",
                maxRetries = "${app.max-retries}",
                autoStartup = "${app.auto-startup}",
                id = "${app.id}")
        void on(Order order) {}
    }

    @Test
    void everyAttributeTakesPlaceholders() {
        runner.withBean(Placeholders.class)
                .withPropertyValues(
                        "app.topic=orders",
                        "app.region=eu",
                        "app.event=order.paid",
                        "app.concurrency=3",
                        "app.mode=key-ordered",
                        "app.ack-mode=manual",
                        "app.start-from=earliest",
                        "app.max-retries=2",
                        "app.auto-startup=false",
                        "app.id=mine")
                .run(context -> {
                    OqronSubscriberRegistry registry = context.getBean(OqronSubscriberRegistry.class);
                    assertThat(registry.ids()).containsExactly("mine");
                    assertThat(registry.subscription("mine")).isEmpty();
                    registry.start("mine");
                    check(context.getBean(RecordingPubSub.class).only(), "billing-eu");
                });
    }

    /** As a bean that knows what only runs at start. */
    public static final class Choice {
        public String text(String value) {
            return value;
        }
    }

    static final class Expressions {
        @OqronSubscriber(
                topic = "#{@choice.text('orders')}",
                group = "#{'bill' + 'ing'}",
                filter = "#{'event == ''order.paid'''}",
                concurrency = "#{1 + 2}",
                mode = "#{@choice.text('KEY_ORDERED')}",
                ackMode = "#{@choice.text('manual')}",
                startFrom = "#{'earliest'}",
                maxRetries = "#{2}",
                autoStartup = "#{true}",
                id = "#{@choice.text('mine')}")
        void on(Order order) {}
    }

    @Test
    void everyAttributeTakesExpressions() {
        runner.withBean("choice", Choice.class).withBean(Expressions.class).run(context -> {
            assertThat(context.getBean(OqronSubscriberRegistry.class).ids()).containsExactly("mine");
            check(context.getBean(RecordingPubSub.class).only(), "billing");
        });
    }

    private static void check(RecordedSubscription subscription, String group) {
        SubscriptionSettings settings = subscription.settings();
        assertThat(subscription.topic()).isEqualTo("orders");
        assertThat(subscription.group()).isEqualTo(group);
        assertThat(settings.concurrency()).isEqualTo(3);
        assertThat(settings.mode()).isEqualTo(ConsumerMode.KEY_ORDERED);
        assertThat(settings.ackMode()).isEqualTo(AckMode.MANUAL);
        assertThat(settings.startFrom()).isEqualTo(Position.earliest());
        assertThat(settings.maxRetries()).isEqualTo(2);
        assertThat(passes(subscription.spec, new Order("order.paid"), Map.of())).isTrue();
        assertThat(passes(subscription.spec, new Order("order.created"), Map.of()))
                .isFalse();
    }

    static final class Filtered {
        @OqronSubscriber(topic = "orders", group = "billing", filter = "${app.filter}")
        void on(Order order) {}
    }

    @Test
    void aFilterMayBeABeanThatSeesThePayload() {
        MessageFilter<Order> paidOnly = (order, key, headers) -> order.event().equals("order.paid");

        filtered("@paidOnly", paidOnly, spec -> {
            assertThat(passes(spec, new Order("order.paid"), Map.of())).isTrue();
            assertThat(passes(spec, new Order("order.created"), Map.of())).isFalse();
        });
    }

    @Test
    void aFilterMayBeABeanThatSeesOnlyHeaders() {
        HeaderFilter fromTheWeb = (key, headers) -> "web".equals(headers.get("source"));

        filtered("@paidOnly", fromTheWeb, spec -> {
            assertThat(spec.headerFilter().accepts("k", Map.of("source", "web")))
                    .isTrue();
            assertThat(spec.headerFilter().accepts("k", Map.of())).isFalse();
        });
    }

    @Test
    void anExpressionThatOnlyReadsHeadersComesBeforeThePayload() {
        filtered("#headers.source == 'web'", new Object(), spec -> {
            assertThat(spec.headerFilter().accepts("k", Map.of("source", "web")))
                    .isTrue();
            assertThat(spec.headerFilter().accepts("k", Map.of())).isFalse();
        });
        filtered("#headers.source == event", new Object(), spec -> {
            assertThat(spec.headerFilter().accepts("k", Map.of())).isTrue();
            assertThat(passes(spec, new Order("a"), Map.of("source", "a"))).isTrue();
            assertThat(passes(spec, new Order("a"), Map.of("source", "b"))).isFalse();
        });
    }

    private void filtered(String filter, Object bean, Consumer<SubscriptionSpec<?>> check) {
        runner.withBean(Filtered.class)
                .withBean("paidOnly", Object.class, () -> bean)
                .withPropertyValues("app.filter=" + filter)
                .run(context ->
                        check.accept(context.getBean(RecordingPubSub.class).only().spec));
    }

    @SuppressWarnings("unchecked")
    private static boolean passes(SubscriptionSpec<?> spec, Order order, Map<String, String> headers) {
        return ((MessageFilter<Order>) spec.filter()).accepts(order, "cust-7", headers);
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
            .withBean(RecordingPubSub.class, RecordingPubSub::new);
}
