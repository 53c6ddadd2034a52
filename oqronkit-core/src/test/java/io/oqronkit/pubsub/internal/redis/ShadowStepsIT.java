package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.internal.redis.ShadowSteps.Range;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the temporary group of a shadow replay is made, and when it may be removed. */
@ExtendWith(EmbeddedRedisExtension.class)
class ShadowStepsIT {

    private static final String STREAM = "oq:{orders:0}:s";
    private static final String GROUP = "__shadow-1";
    private static final Duration SILENCE = Duration.ofMillis(300);

    @RegisterExtension
    final Connections connections = new Connections();

    private RedisLinks links;
    private RedisCommands<String, String> raw;
    private ShadowSteps shadow;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        links = connections.links(redis);
        raw = connections.raw(redis);
        shadow = new ShadowSteps(links.control(), new PartitionKeys("oq", "orders", 0), GROUP);
        for (int offset = 1; offset <= 10; offset++) {
            raw.xadd(
                    STREAM, new io.lettuce.core.XAddArgs().id(offset * 100 + "-" + offset), "p", "1", "k", "", "h", "");
        }
    }

    @Test
    void countsItsRangeAfterTrimmingToo() {
        raw.xtrim(STREAM, 7); // 4 to 10 are left

        assertThat(range(Position.earliest(), Position.latest())).isEqualTo(new Range(7, 10));
        assertThat(range(Position.offset(1), Position.offset(6))).isEqualTo(new Range(2, 5));
        assertThat(range(Position.offset(8), Position.offset(1_000))).isEqualTo(new Range(3, 10));
        assertThat(range(Position.offset(6), Position.offset(6))).isEqualTo(new Range(0, 5));
        assertThat(range(Position.offset(8), Position.offset(6)).count()).isZero();
        assertThat(range(Position.latest(), Position.latest()).count()).isZero();
        assertThat(range(after(2), after(5))).isEqualTo(new Range(2, 5));
        raw.xtrim(STREAM, 0);
        assertThat(range(Position.earliest(), Position.latest()).count()).isZero();
    }

    @Test
    void makesNoGroupForAnEmptyRange() {
        shadow.start("me", Position.latest(), Position.latest()).join();

        assertThat(raw.xinfoGroups(STREAM)).isEmpty();
        assertThat(raw.keys("*shadow*")).isEmpty();
    }

    @Test
    void isRemovedWithAllItHas() {
        shadow.start("me", Position.earliest(), Position.latest()).join();
        raw.zadd("oq:{orders:0}:k:" + GROUP, 1, "100-1");
        raw.hset("oq:{orders:0}:m", "l", "1000-10");

        assertThat(shadow.end().join()).isTrue();

        assertThat(raw.xinfoGroups(STREAM)).isEmpty();
        assertThat(raw.keys("*shadow*")).isEmpty();
        assertThat(raw.hgetall("oq:{orders:0}:m")).containsOnlyKeys("l");
        assertThat(shadow.end().join()).isFalse();
    }

    /** Also where there is nothing to read and nothing to keep, as while all of it is parked. */
    @Test
    void isKeptWhileItsConsumerShowsThatItIsAlive() {
        shadow.start("me", Position.earliest(), Position.latest()).join();
        await().until(() -> idleMs() > SILENCE.toMillis());

        new GroupSteps(links, new PartitionKeys("oq", "orders", 0), GROUP, "me", "competing")
                .showPresence()
                .join();
        assertThat(shadow.endIfSilentFor(SILENCE).join()).isFalse();
        assertThat(raw.xinfoGroups(STREAM)).hasSize(1);

        await().until(() -> shadow.endIfSilentFor(SILENCE).join());
        assertThat(raw.xinfoGroups(STREAM)).isEmpty();
    }

    /** A purge takes the consumers of a replay away that is alive, a crash those of one that is not. */
    @Test
    void isGivenItsTimeWhenItHasNoConsumer() {
        shadow.start("me", Position.earliest(), Position.latest()).join();
        raw.xgroupDelconsumer(STREAM, io.lettuce.core.Consumer.from(GROUP, "me"));
        raw.xgroupDelconsumer("oq:{orders:0}:r:" + GROUP, io.lettuce.core.Consumer.from(GROUP, "me"));

        assertThat(shadow.endIfSilentFor(SILENCE).join()).isFalse();

        await().until(() -> shadow.endIfSilentFor(SILENCE).join());
        assertThat(raw.keys("*shadow*")).isEmpty();
    }

    private long idleMs() {
        List<?> consumer = (List<?>) raw.xinfoConsumers(STREAM, GROUP).get(0);
        return (Long) consumer.get(5);
    }

    private Range range(Position from, Position to) {
        Range range = shadow.start("me", from, to).join();
        shadow.end().join();
        return range;
    }

    private static Position after(long offset) {
        return Position.after(new EntryId(offset * 100, offset).in(0));
    }
}
