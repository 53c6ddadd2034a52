package io.oqronkit.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.OqronSubscriber;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.testcontainers.containers.GenericContainer;

/** An application whose Redis is a container: Boot's connection details are all the starter needs. */
@OqronTest(classes = {ContainerRedisIT.Application.class, ContainerRedisIT.Containers.class})
class ContainerRedisIT {

    private static final int REDIS_PORT = 6379;

    @TestConfiguration(proxyBeanMethods = false)
    static class Containers {
        @Bean
        @ServiceConnection(name = "redis")
        GenericContainer<?> redis() {
            return new GenericContainer<>("redis:8-alpine").withExposedPorts(REDIS_PORT);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        static TopicSpec<String> orders() {
            return TopicSpec.of("orders", String.class);
        }

        @OqronSubscriber(topic = "orders", group = "billing")
        void bill(String order) {}
    }

    @Test
    void publishesToItAndHandlesFromIt(
            @Autowired Topic<String> orders,
            @Autowired LettuceConnectionFactory redis,
            @Autowired GenericContainer<?> container,
            @Autowired ObjectProvider<EmbeddedRedis> embedded,
            PubSubProbe probe) {
        orders.publish("ord_1");

        probe.awaits("orders").group("billing").handled(1);
        assertThat(redis.getPort()).isEqualTo(container.getMappedPort(REDIS_PORT));
        assertThat(embedded.getIfAvailable()).isNull();
    }
}
