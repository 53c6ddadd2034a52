package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.ShadowRuns.SOON;
import static io.oqronkit.pubsub.runtime.ShadowRuns.assertNothingIsLeft;
import static io.oqronkit.pubsub.runtime.ShadowRuns.ended;
import static io.oqronkit.pubsub.runtime.ShadowRuns.orders;
import static io.oqronkit.pubsub.runtime.ShadowRuns.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplayProgress;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.Abandoning;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where and why a shadow replay ends. */
@ExtendWith(EmbeddedRedisExtension.class)
class ShadowReplayEndIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines log = new LogLines();

    private final Queue<MessageId> handled = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void endsAtWhatIsThereWhenItStarts(int partitions, EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, partitions);
        orders.publishBatch(events(60));
        CountDownLatch published = new CountDownLatch(1);

        ShadowReplay run = orders.shadowReplay(spec(Position.earliest()).handler(ctx -> {
            published.await();
            handled.add(ctx.id());
        }));
        orders.publishBatch(events(600));
        published.countDown();

        assertThat(run.await(SOON)).isTrue();
        assertThat(handled).hasSize(60).doesNotHaveDuplicates();
        assertThat(handled).allMatch(id -> id.offset() <= 60 / partitions);
        assertThat(run.progress().handledByPartition())
                .hasSize(partitions)
                .allSatisfy((partition, count) -> assertThat(count).isEqualTo(60 / partitions));
    }

    @Test
    void isEndedEarlyByItsHandler(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 2);
        AtomicReference<ShadowReplay> run = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        orders.publishBatch(events(500));

        run.set(orders.shadowReplay(spec(Position.earliest()).handler(ctx -> {
            known.await();
            handled.add(ctx.id());
            run.get().cancel();
        })));
        known.countDown();

        assertThat(run.get().await(SOON)).isTrue();
        assertThat(handled).hasSizeLessThan(500);
        ShadowReplayProgress progress = run.get().progress();
        assertThat(progress.done()).isTrue();
        assertThat(progress.handled()).isEqualTo(handled.size());
        assertThat(progress.remaining()).isEqualTo(500 - handled.size());
        assertNothingIsLeft(pubSubs, redis);
        run.get().close();
    }

    @Test
    void endsWithItsPubSub(EmbeddedRedis redis) throws Exception {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        orders.publishBatch(events(100));
        ShadowReplay run = orders.shadowReplay(spec(Position.earliest()).rate(1).handler(ctx -> handled.add(ctx.id())));
        await().until(() -> !handled.isEmpty());

        pubSub.close();

        assertThat(run.await(Duration.ZERO)).isTrue();
        assertThat(run.progress().remaining()).isPositive();
        assertNothingIsLeft(pubSubs, redis);
    }

    @Test
    void endsAtOnceIfItsRangeIsEmpty(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 2);
        assertThat(ended(orders.shadowReplay(spec(Position.earliest()).handler(ctx -> {})))
                        .total())
                .isZero();
        orders.publishBatch(events(10));

        for (ShadowReplaySpec<OrderEvent> empty : List.of(
                spec(Position.latest()), spec(Position.offset(4)).to(Position.offset(4)), spec(Position.offset(100)))) {
            ShadowReplayProgress progress = ended(orders.shadowReplay(empty.handler(ctx -> handled.add(ctx.id()))));
            assertThat(progress.total()).isZero();
            assertThat(progress.handledByPartition()).isEqualTo(Map.of(0, 0L, 1, 0L));
        }
        assertThat(handled).isEmpty();
        assertNothingIsLeft(pubSubs, redis);
    }

    @Test
    void doesNotReadOnBehindItsEnd(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        CountDownLatch end = new CountDownLatch(1);
        orders.publishBatch(events(2_000));
        ShadowReplay run = orders.shadowReplay(spec(Position.earliest())
                .to(Position.offset(11))
                .concurrency(20)
                .handler(ctx -> {
                    handled.add(ctx.id());
                    end.await();
                }));
        await().until(() -> handled.size() == 10);

        await().during(Duration.ofMillis(500))
                .until(() -> delivered(run.name(), redis) >= 10 && delivered(run.name(), redis) <= 210);
        end.countDown();
        assertThat(run.await(SOON)).isTrue();
        assertThat(run.progress().handled()).isEqualTo(10);
        assertThat(handled).hasSize(10);
    }

    @Test
    void holdsRetentionBackUntilItEnds(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        RetentionSteps retention = new RetentionSteps(
                new RedisLinks(pubSubs.client(GuideUsers.app(redis)), event -> {}).control(),
                new PartitionKeys("oq", "orders", 0),
                () -> 1);
        CountDownLatch trimmed = new CountDownLatch(1);
        orders.publishBatch(events(50));
        ShadowReplay run = orders.shadowReplay(spec(Position.offset(11)).handler(ctx -> trimmed.await()));

        assertThat(removed(retention)).isEqualTo(10);
        trimmed.countDown();
        assertThat(ended(run).handled()).isEqualTo(40);
        assertThat(removed(retention)).isEqualTo(39);
    }

    /** Its messages are gone; a count alone would wait for them for ever. */
    @Test
    void endsWhenTheTopicIsPurged(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        CountDownLatch purged = new CountDownLatch(1);
        orders.publishBatch(events(100));
        ShadowReplay run = orders.shadowReplay(spec(Position.earliest()).handler(ctx -> {
            handled.add(ctx.id());
            purged.await();
        }));
        await().until(() -> !handled.isEmpty());

        orders.admin().purge();
        purged.countDown();

        assertThat(run.await(SOON)).isTrue();
        assertThat(run.progress().remaining()).isPositive();
        assertThat(log.at(Level.WARN, "removed")).isEmpty();
        assertNothingIsLeft(pubSubs, redis);
    }

    @Test
    void endsWhenItsGroupWasRemovedAndDoesNotMakeItAgain(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        orders.publishBatch(events(100));
        ShadowReplay run = orders.shadowReplay(spec(Position.earliest()).rate(5).handler(ctx -> handled.add(ctx.id())));
        await().until(() -> !handled.isEmpty());

        raw.xgroupDestroy("oq:{orders:0}:s", run.name());

        assertThat(run.await(SOON)).isTrue();
        assertThat(raw.xinfoGroups("oq:{orders:0}:s")).isEmpty();
        assertThat(log.at(Level.WARN, "its group was removed")).hasSize(1);
    }

    private static long removed(RetentionSteps retention) {
        Abandoning never = new Abandoning(Duration.ofDays(7), List.of());
        return retention
                .trim(Retention.of(null, 1), never, Duration.ZERO)
                .join()
                .removed();
    }

    private long delivered(String group, EmbeddedRedis redis) {
        List<?> info =
                (List<?>) pubSubs.raw(redis).xinfoGroups("oq:{orders:0}:s").get(0);
        assertThat(info.get(1)).isEqualTo(group);
        String id = (String) info.get(info.indexOf("last-delivered-id") + 1);
        return Long.parseLong(id.split("-")[1]);
    }
}
