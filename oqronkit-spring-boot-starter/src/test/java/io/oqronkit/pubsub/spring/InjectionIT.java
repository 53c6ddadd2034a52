package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** A declared topic, customizers and virtual threads in an application on a real Redis. */
@ExtendWith(EmbeddedRedisExtension.class)
class InjectionIT {

    private static final String PREFIX = "customized";

    record OrderEvent(String event) {}

    @Configuration(proxyBeanMethods = false)
    static class Topics {
        @Bean
        TopicSpec<OrderEvent> orders() {
            return TopicSpec.of("orders", OrderEvent.class).partitions(2);
        }
    }

    /** Publishes to a topic it was given, handles on a thread it keeps. */
    record Shop(Topic<OrderEvent> orders, BlockingQueue<Thread> handlers) {

        @OqronSubscriber(topic = "orders", group = "shipping", startFrom = "earliest")
        void ship(OrderEvent event) {
            handlers.add(Thread.currentThread());
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        final List<String> customized = new CopyOnWriteArrayList<>();

        @Bean
        Shop shop(Topic<OrderEvent> orders) {
            return new Shop(orders, new LinkedBlockingQueue<>());
        }

        @Bean
        @Order(2)
        PubSubCustomizer second() {
            return builder -> {
                customized.add("second");
                builder.keyPrefix(PREFIX);
            };
        }

        @Bean
        @Order(1)
        PubSubCustomizer first() {
            return builder -> {
                customized.add("first");
                builder.keyPrefix("overruled");
            };
        }
    }

    @Test
    void publishesToAnInjectedTopicAndCustomizersWinInTheirOrder(EmbeddedRedis redis) {
        runner(redis).withPropertyValues("oqronkit.pubsub.key-prefix=property").run(context -> {
            assertThat(context).hasNotFailed();
            Shop shop = context.getBean(Shop.class);

            shop.orders().publish(new OrderEvent("order.paid"));

            assertThat(shop.handlers().poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(context.getBean(PubSub.class).topics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions()).isEqualTo(2));
            assertThat(context.getBean(Application.class).customized).containsExactly("first", "second");
            try (var connection = context.getBean(RedisConnectionFactory.class).getConnection()) {
                assertThat(connection.keyCommands().exists((PREFIX + ":topics").getBytes()))
                        .isTrue();
            }
        });
    }

    @Test
    void handlesOnVirtualThreadsWhereBootAndTheJvmDo(EmbeddedRedis redis) {
        runner(redis).withPropertyValues("spring.threads.virtual.enabled=true").run(context -> {
            Shop shop = context.getBean(Shop.class);

            shop.orders().publish(new OrderEvent("order.paid"));

            Thread handler = shop.handlers().poll(10, TimeUnit.SECONDS);
            assertThat(handler).isNotNull();
            assertThat(handler.getName()).isEqualTo("oqronkit-orders/shipping-handler-1");
            assertThat(isVirtual(handler)).isEqualTo(Runtime.version().feature() >= 21);
        });
    }

    private static ApplicationContextRunner runner(EmbeddedRedis redis) {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(DataRedisAutoConfiguration.class, PubSubAutoConfiguration.class))
                .withUserConfiguration(Topics.class, Application.class)
                .withPropertyValues("spring.data.redis.url=" + GuideUsers.app(redis, PREFIX));
    }

    private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }
}
