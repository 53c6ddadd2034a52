package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplayProgress;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;

/** What tests of shadow replays share. */
final class ShadowRuns {

    static final Duration SOON = Duration.ofSeconds(20);

    private ShadowRuns() {}

    static Topic<OrderEvent> orders(PubSubs pubSubs, EmbeddedRedis redis, int partitions) {
        return pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(partitions));
    }

    static ShadowReplaySpec<OrderEvent> spec(Position from) {
        return ShadowReplaySpec.from(from);
    }

    static ShadowReplayProgress ended(ShadowReplay run) throws InterruptedException {
        assertThat(run.await(SOON)).isTrue();
        return run.progress();
    }

    static void assertNothingIsLeft(PubSubs pubSubs, EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        for (String stream : raw.keys("oq:*:s")) {
            assertThat(raw.xinfoGroups(stream).toString()).doesNotContain("__shadow");
        }
        assertThat(raw.keys("*__shadow*")).isEmpty();
        for (String meta : raw.keys("oq:*:m")) {
            assertThat(raw.hkeys(meta)).noneMatch(field -> field.contains("__shadow"));
        }
    }
}
