package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.RedisClient;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shadow replays whose process or whose Redis goes away in the middle. */
@ExtendWith(EmbeddedRedisExtension.class)
class ShadowReplayCrashIT {

    private static final Duration START_OF_A_JVM = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines log = new LogLines();

    /** A replay that is alive is left alone, though all it has is parked and it reads nothing any more. */
    @Test
    void whatAKilledProcessLeavesIsRemovedByAnother(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis, builder -> builder.shadowSilence(Duration.ofSeconds(7)))
                .topic("orders", OrderEvent.class);
        orders.publishBatch(events(50));
        ShadowReplay alive = orders.shadowReplay(ShadowReplaySpec.<OrderEvent>from(Position.earliest())
                .to(Position.offset(3))
                .backoff(Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0))
                .handler(ctx -> {
                    throw new IllegalStateException("in an hour");
                }));
        Process other = start(redis);
        try {
            await().atMost(START_OF_A_JVM)
                    .until(() -> shadows(orders).size() == 2
                            && orders.admin().stats().shadowReplays().values().stream()
                                    .anyMatch(figures -> figures.pending() > 0));
            other.destroyForcibly().waitFor();

            await().atMost(SOON).untilAsserted(() -> assertThat(shadows(orders)).containsExactly(alive.name()));
            assertThat(log.at(Level.WARN, "its process is gone")).hasSize(1);
            assertThat(pubSubs.raw(redis).keys("*__shadow*")).allMatch(key -> key.contains(alive.name()));
            assertThat(alive.progress().done()).isFalse();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void goesOnWhenRedisIsBack(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch restarted = new CountDownLatch(1);
        orders.publishBatch(events(100));
        ShadowReplay run = orders.shadowReplay(ShadowReplaySpec.<OrderEvent>from(Position.earliest())
                .concurrency(2)
                .handler(ctx -> {
                    if (ctx.offset() > 20) {
                        restarted.await();
                    }
                }));
        await().until(() -> run.progress().handled() == 20);

        redis.kill();
        redis.restart();
        restarted.countDown();

        assertThat(run.await(SOON)).isTrue();
        assertThat(run.progress().handled()).isEqualTo(100);
        assertThat(pubSubs.raw(redis).keys("*__shadow*")).isEmpty();
    }

    private static Set<String> shadows(Topic<OrderEvent> orders) {
        return orders.admin().stats().shadowReplays().keySet();
    }

    private static Process start(EmbeddedRedis redis) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        GuideUsers.app(redis))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Replays in another JVM until it is killed. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) {
            CountDownLatch never = new CountDownLatch(1);
            OqronPubSub.builder(RedisClient.create(args[0]))
                    .build()
                    .topic("orders", OrderEvent.class)
                    .shadowReplay(ShadowReplaySpec.<OrderEvent>from(Position.earliest())
                            .handler(ctx -> never.await()));
        }
    }
}
