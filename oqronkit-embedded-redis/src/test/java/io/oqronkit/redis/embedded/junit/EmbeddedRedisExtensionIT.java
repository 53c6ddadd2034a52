package io.oqronkit.redis.embedded.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmbeddedRedisExtensionIT {

    @Nested
    @ExtendWith(EmbeddedRedisExtension.class)
    class AsAParameter {

        private static final Set<Integer> ports = new HashSet<>();

        @RepeatedTest(3)
        void isOneServerPerClassAndEmptyBeforeEachTest(EmbeddedRedis redis) {
            ports.add(redis.port());
            assertThat(ports).hasSize(1);
            assertThat(sizeThenAddOne(redis)).isZero();
        }

        @Nested
        class WithinANestedClass {

            @Test
            void isTheServerOfTheOuterClass(EmbeddedRedis redis) {
                ports.add(redis.port());
                assertThat(ports).hasSize(1);
                assertThat(sizeThenAddOne(redis)).isZero();
            }
        }
    }

    @Nested
    class AsAField {

        @RegisterExtension
        static final EmbeddedRedisExtension extension =
                EmbeddedRedisExtension.with(redis -> redis.setting("maxclients", "77"));

        @Test
        void hasItsOwnSettings() {
            RedisClient client = RedisClient.create(extension.redis().uri());
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                assertThat(connection.sync().configGet("maxclients")).containsEntry("maxclients", "77");
            } finally {
                client.shutdown();
            }
        }

        @RepeatedTest(2)
        void runsAgainAfterATestThatKilledIt() {
            assertThat(sizeThenAddOne(extension.redis())).isZero();
            extension.redis().kill();
        }

        @RepeatedTest(2)
        void runsAgainAfterATestThatPausedIt() {
            assertThat(sizeThenAddOne(extension.redis())).isZero();
            extension.redis().pause();
        }
    }

    @Nested
    class AfterTheClass {

        private static EmbeddedRedis seen;

        @Nested
        @ExtendWith(EmbeddedRedisExtension.class)
        class Inner {

            @Test
            void runs(EmbeddedRedis redis) {
                seen = redis;
                assertThat(redis.isRunning()).isTrue();
            }
        }

        @AfterAll
        static void hasEnded() {
            assertThat(seen.isRunning()).isFalse();
        }
    }

    private static long sizeThenAddOne(EmbeddedRedis redis) {
        RedisClient client = RedisClient.create(redis.uri());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            long size = connection.sync().dbsize();
            connection.sync().set("order", "paid");
            return size;
        } finally {
            client.shutdown();
        }
    }
}
