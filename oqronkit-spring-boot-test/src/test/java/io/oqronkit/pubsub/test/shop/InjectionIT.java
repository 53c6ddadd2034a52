package io.oqronkit.pubsub.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;

/** Where a test gets the probe, and which Redis it runs on. */
class InjectionIT {

    private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

    @Nested
    @OqronTest
    class ByField {

        @Autowired
        private PubSubProbe field;

        @Test
        void isTheOneOfParameters(PubSubProbe parameter, @Autowired PubSubProbe autowired) {
            assertThat(parameter).isSameAs(field).isSameAs(autowired);
        }

        @Test
        void sharesTheRedisOfAClassWithTheSameConfiguration(@Autowired EmbeddedRedis redis) {
            PORTS.add(redis.port());
            assertThat(PORTS).hasSize(1);
        }
    }

    @Nested
    @OqronTest
    class ByConstructor {

        private final PubSubProbe probe;

        ByConstructor(PubSubProbe probe) {
            this.probe = probe;
        }

        @Test
        void hasIt() {
            probe.awaits("order-events").published(0);
        }

        @Test
        void sharesTheRedisOfAClassWithTheSameConfiguration(@Autowired EmbeddedRedis redis) {
            PORTS.add(redis.port());
            assertThat(PORTS).hasSize(1);
        }
    }

    @Nested
    @OqronTest
    @SpringBootTest(properties = "oqronkit.pubsub.key-prefix=shop")
    class ByAutowiredConstructor {

        private final PubSubProbe probe;
        private final Environment environment;

        @Autowired
        ByAutowiredConstructor(PubSubProbe probe, Environment environment) {
            this.probe = probe;
            this.environment = environment;
        }

        @Test
        void theAttributesOfSpringBootTestHold() {
            probe.awaits("order-events").published(0);
            assertThat(environment.getProperty("oqronkit.pubsub.key-prefix")).isEqualTo("shop");
        }
    }
}
