package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What a person reads on the console when an application cannot start. */
@ExtendWith({EmbeddedRedisExtension.class, OutputCaptureExtension.class})
class RefusedStartIT {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static final class Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(String order) {}
    }

    @Test
    void namesABadProperty(EmbeddedRedis redis, CapturedOutput output) {
        assertRefused(redis.port(), Application.class, "oqronkit.pubsub.topics.orders.partitions=0");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("'oqronkit.pubsub.topics.orders.partitions' has the value '0'")
                .contains("between 1 and 1024");
    }

    @Test
    void namesBothNumbersIfATopicIsStoredWithOtherPartitions(EmbeddedRedis redis, CapturedOutput output) {
        start(redis.port(), Handler.class, "oqronkit.pubsub.topics.orders.partitions=2")
                .run()
                .close();

        assertRefused(redis.port(), Handler.class, "oqronkit.pubsub.topics.orders.partitions=3");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("'orders' exists in Redis with 2 partitions and cannot be opened with 3")
                .contains("oqronkit.pubsub.topics.<topic>.partitions");
    }

    @Test
    void saysThatRedisDoesNotAnswer(CapturedOutput output) throws IOException {
        assertRefused(unusedPort(), Application.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("cannot connect to Redis: Connection refused")
                .contains("spring.data.redis.*");
    }

    @Test
    void refusesAServerThatMayEvictTopics(CapturedOutput output) {
        try (EmbeddedRedis evicting = EmbeddedRedis.builder()
                .setting("maxmemory-policy", "allkeys-lru")
                .start()) {
            assertRefused(evicting.port(), Application.class);
            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("maxmemory-policy is allkeys-lru")
                    .contains("oqronkit.pubsub.allow-eviction=true");

            start(evicting.port(), Application.class, "oqronkit.pubsub.allow-eviction=true")
                    .run()
                    .close();
        }
    }

    private static void assertRefused(int port, Class<?> source, String... properties) {
        assertThatThrownBy(() -> start(port, source, properties).run()).isInstanceOf(Exception.class);
    }

    private static SpringApplicationBuilder start(int port, Class<?> source, String... properties) {
        return new SpringApplicationBuilder(Application.class, source)
                .web(WebApplicationType.NONE)
                .properties("spring.data.redis.port=" + port)
                .properties(properties);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
