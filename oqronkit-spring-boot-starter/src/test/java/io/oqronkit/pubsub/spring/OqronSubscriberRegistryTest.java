package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.AliasFor;

/** How annotated methods become subscriptions, and when these start and stop. */
class OqronSubscriberRegistryTest {

    record Order(String event) {}

    static class Handlers {
        @OqronSubscriber(topic = "orders", group = "billing", concurrency = "5")
        void bill(Order order) {}

        @OqronSubscriber(topic = "orders", group = "analytics", autoStartup = "false")
        void analyse(Order order) {}
    }

    @Test
    void startsWithTheApplicationAndStopsBeforePubSubIsClosed() {
        RecordingPubSub pubSub = new RecordingPubSub();

        with(pubSub).withBean(Handlers.class).run(context -> assertThat(pubSub.events)
                .containsExactly("orders/billing subscribed"));

        assertThat(pubSub.events)
                .containsExactly("orders/billing subscribed", "orders/billing closed", "PubSub closed");
    }

    @Test
    void startsAndStopsOneById() {
        with(new RecordingPubSub()).withBean(Handlers.class).run(context -> {
            OqronSubscriberRegistry registry = registry(context);
            assertThat(registry.ids()).containsExactly("orders/analytics", "orders/billing");
            assertThat(registry.subscription("orders/analytics")).isEmpty();

            registry.start("orders/analytics");
            registry.start("orders/analytics");
            assertThat(registry.subscription("orders/analytics"))
                    .get()
                    .extracting(Subscription::state)
                    .isEqualTo(SubscriptionState.RUNNING);
            assertThat(context.getBean(RecordingPubSub.class).subscribed).hasSize(2);

            registry.stop("orders/analytics");
            registry.stop("orders/analytics");
            assertThat(registry.subscription("orders/analytics")).isEmpty();
            assertThat(registry.subscription("orders/billing")).isPresent();
            assertThatThrownBy(() -> registry.start("orders/nobody"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'orders/nobody'; there are [orders/analytics, orders/billing]");
        });
    }

    @Test
    void startsAgainWithTheContext() {
        RecordingPubSub pubSub = new RecordingPubSub();

        with(pubSub).withBean(Handlers.class).run(context -> {
            context.getSourceApplicationContext().stop();
            assertThat(registry(context).isRunning()).isFalse();
            assertThat(pubSub.subscriptions()).isEmpty();

            context.getSourceApplicationContext().start();
            assertThat(pubSub.subscriptions()).extracting(Subscription::group).containsExactly("billing");
        });
    }

    static class Three {
        @OqronSubscriber(topic = "orders", group = "a")
        void a(Order order) {}

        @OqronSubscriber(topic = "orders", group = "b")
        void b(Order order) {}

        @OqronSubscriber(topic = "orders", group = "c")
        void c(Order order) {}
    }

    @Test
    void stopsSideBySide() {
        RecordingPubSub pubSub = new RecordingPubSub();
        CyclicBarrier allAtOnce = new CyclicBarrier(3);
        pubSub.whenClosing = () -> {
            try {
                allAtOnce.await(5, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };

        with(pubSub).withBean(Three.class).run(context -> {});

        assertThat(pubSub.events).filteredOn(event -> event.endsWith("closed")).hasSize(4);
    }

    @Test
    void startsAfterTheWebServerAndStopsBeforeIt() {
        with(new RecordingPubSub()).run(context -> assertThat(registry(context).getPhase())
                .isGreaterThan(Integer.MAX_VALUE - 1024)
                .isLessThan(Integer.MAX_VALUE));
    }

    static class Expressions {
        @OqronSubscriber(
                topic = "${app.topic}",
                group = "#{'billing' + '-' + 'service'}",
                concurrency = "#{2 * 3}",
                ackMode = "MANUAL",
                startFrom = "42",
                maxRetries = "${app.retries:2}",
                id = "bill")
        void on(Order order) {}
    }

    @Test
    void resolvesPlaceholdersAndExpressions() {
        with(new RecordingPubSub())
                .withBean(Expressions.class)
                .withPropertyValues("app.topic=order-events")
                .run(context -> {
                    Subscription subscription =
                            registry(context).subscription("bill").orElseThrow();
                    assertThat(subscription.topic()).isEqualTo("order-events");
                    assertThat(subscription.group()).isEqualTo("billing-service");
                    assertThat(subscription.settings().concurrency()).isEqualTo(6);
                    assertThat(subscription.settings().ackMode()).isEqualTo(AckMode.MANUAL);
                    assertThat(subscription.settings().startFrom()).isEqualTo(Position.offset(42));
                    assertThat(subscription.settings().maxRetries()).isEqualTo(2);
                });
    }

    @Test
    void propertiesOfTheGroupWinOverTheAnnotation() {
        with(new RecordingPubSub())
                .withBean(Handlers.class)
                .withPropertyValues(
                        "oqronkit.pubsub.topics.orders.partitions=3",
                        "oqronkit.pubsub.topics.orders.concurrency=9",
                        "oqronkit.pubsub.topics.orders.ack-mode=manual",
                        "oqronkit.pubsub.topics.orders.groups.billing.concurrency=7")
                .run(context -> {
                    var billing = context.getBean(RecordingPubSub.class).only();
                    assertThat(billing.topic.partitions()).hasValue(3);
                    assertThat(billing.settings().concurrency()).isEqualTo(7);
                    assertThat(billing.settings().ackMode()).isEqualTo(AckMode.MANUAL);
                });
    }

    @OqronSubscriber(topic = "orders", group = "", ackMode = "manual")
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @interface OrderHandler {
        @AliasFor(annotation = OqronSubscriber.class, attribute = "group")
        String value();
    }

    static class Composed {
        @OrderHandler("billing")
        void on(Order order) {}
    }

    @Test
    void worksAsMetaAnnotation() {
        with(new RecordingPubSub()).withBean(Composed.class).run(context -> {
            var billing = context.getBean(RecordingPubSub.class).only();
            assertThat(billing.topic()).isEqualTo("orders");
            assertThat(billing.group()).isEqualTo("billing");
            assertThat(billing.settings().ackMode()).isEqualTo(AckMode.MANUAL);
        });
    }

    public interface Port {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(Order order);
    }

    static class Behind implements Port {
        @Override
        public void on(Order order) {}
    }

    @Test
    void findsMethodsOfProxiedBeans() {
        with(new RecordingPubSub())
                .withBean("ofClass", Object.class, () -> BadSubscribersTest.proxy(new Handlers(), true))
                .run(context -> assertThat(registry(context).ids()).hasSize(2));
        with(new RecordingPubSub())
                .withBean("ofInterface", Object.class, () -> BadSubscribersTest.proxy(new Behind(), false))
                .run(context -> assertThat(registry(context).ids()).containsExactly("orders/billing"));
    }

    @Test
    void startsHandlersOfBeansThatComeLater() {
        with(new RecordingPubSub())
                .withBean("late", Three.class, Three::new, definition -> definition.setLazyInit(true))
                .run(context -> {
                    assertThat(registry(context).ids()).isEmpty();

                    context.getBean("late");

                    assertThat(context.getBean(RecordingPubSub.class).subscriptions())
                            .hasSize(3);
                });
    }

    private static OqronSubscriberRegistry registry(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        return context.getBean(OqronSubscriberRegistry.class);
    }

    private static ApplicationContextRunner with(RecordingPubSub pubSub) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
                .withBean("pubSub", RecordingPubSub.class, () -> pubSub);
    }
}
