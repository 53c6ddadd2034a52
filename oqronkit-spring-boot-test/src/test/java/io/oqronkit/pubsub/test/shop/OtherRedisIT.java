package io.oqronkit.pubsub.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Redis servers that a test brings itself. */
class OtherRedisIT {

    @TestConfiguration(proxyBeanMethods = false)
    static class Details {
        @Bean
        Server server() {
            return Server.start();
        }

        @Bean
        DataRedisConnectionDetails details(Server server) {
            return new DataRedisConnectionDetails() {
                @Override
                public Standalone getStandalone() {
                    return Standalone.of(server.redis().host(), server.redis().port());
                }

                @Override
                public String getUsername() {
                    return GuideUsers.APP;
                }

                @Override
                public String getPassword() {
                    return GuideUsers.PASSWORD;
                }
            };
        }
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Factory {
        @Bean
        Server server() {
            return Server.start();
        }

        @Bean
        LettuceConnectionFactory factory(Server server) {
            RedisStandaloneConfiguration where = new RedisStandaloneConfiguration(
                    server.redis().host(), server.redis().port());
            where.setUsername(GuideUsers.APP);
            where.setPassword(GuideUsers.PASSWORD);
            return new LettuceConnectionFactory(where);
        }
    }

    /** Closed with the context. */
    record Server(EmbeddedRedis redis) implements AutoCloseable {

        static Server start() {
            Server server = new Server(EmbeddedRedis.start());
            GuideUsers.app(server.redis());
            return server;
        }

        @Override
        public void close() {
            redis.close();
        }
    }

    @Nested
    @OqronTest(classes = {ShopApplication.class, Details.class})
    @TestMethodOrder(OrderAnnotation.class)
    class WithConnectionDetails {

        @Autowired
        private Topic<OrderEvent> orders;

        @Test
        @Order(1)
        void noOtherIsStarted(@Autowired ObjectProvider<EmbeddedRedis> ours, PubSubProbe probe) {
            orders.publish(OrderEvent.paid("ord_1"));

            probe.awaits("order-events").group("billing").handled(1);
            assertThat(ours.getIfAvailable()).isNull();
        }

        @Test
        @Order(2)
        void itIsPurged() {
            assertThat(orders.admin().stats().messages()).isZero();
        }
    }

    @Nested
    @OqronTest(classes = {ShopApplication.class, Factory.class})
    @TestMethodOrder(OrderAnnotation.class)
    class WithAConnectionFactory {

        @Autowired
        private Topic<OrderEvent> orders;

        @Test
        @Order(1)
        void noOtherIsStarted(@Autowired ObjectProvider<EmbeddedRedis> ours, PubSubProbe probe) {
            orders.publish(OrderEvent.paid("ord_1"));

            probe.awaits("order-events").group("billing").handled(1);
            assertThat(ours.getIfAvailable()).isNull();
        }

        @Test
        @Order(2)
        void itIsNotPurged(PubSubProbe probe) {
            assertThat(orders.admin().stats().messages()).isEqualTo(1);
            probe.awaits("order-events").published(0);
        }
    }
}
