package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A process that has nothing to do knows whether Redis is there. */
@ExtendWith(EmbeddedRedisExtension.class)
class OutageNoticedIT {

    private static final Duration SOON = Duration.ofSeconds(5);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<PubSubEvent> heard = new ConcurrentLinkedQueue<>();

    @Test
    void aRedisThatDied(EmbeddedRedis redis) {
        PubSub idle = pubSubs.open(redis, builder -> builder.listener(heard::add));
        assertThat(idle.redisOutage()).isEmpty();

        redis.kill();
        await().atMost(SOON).until(() -> idle.redisOutage().isPresent());
        redis.restart();

        await().atMost(SOON).until(() -> idle.redisOutage().isEmpty());
        assertToldOnce();
    }

    @Test
    void aRedisThatHangsUpOnNobodyAndDoesNotAnswer(EmbeddedRedis redis) {
        PubSub idle = pubSubs.open(redis, builder -> builder.listener(heard::add));

        redis.pause();
        try {
            await().atMost(SOON).until(() -> idle.redisOutage().isPresent());
            assertThat(idle.redisOutage()).contains("no answer from Redis within 2500 ms");
        } finally {
            redis.resume();
        }

        await().atMost(SOON).until(() -> idle.redisOutage().isEmpty());
        assertToldOnce();
    }

    @Test
    void closingIsNoOutage(EmbeddedRedis redis) {
        PubSub idle = pubSubs.open(redis, builder -> builder.listener(heard::add));

        idle.close();

        assertThat(idle.redisOutage()).isEmpty();
        assertThat(heard).isEmpty();
    }

    private void assertToldOnce() {
        await().untilAsserted(() -> assertThat(heard)
                .hasSize(2)
                .hasAtLeastOneElementOfType(RedisLost.class)
                .hasAtLeastOneElementOfType(RedisFound.class));
    }
}
