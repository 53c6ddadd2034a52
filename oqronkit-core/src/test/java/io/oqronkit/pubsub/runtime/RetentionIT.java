package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.Abandoning;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is removed, when, and what never is. Retention is applied every 5 seconds. */
@ExtendWith(EmbeddedRedisExtension.class)
class RetentionIT {

    private static final String STREAM = "oq:{orders:0}:s";
    private static final String META = "oq:{orders:0}:m";
    private static final Duration APPLIED = Duration.ofSeconds(10);
    private static final Abandoning A_WEEK = new Abandoning(Duration.ofDays(7), List.of());

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void keepsWhatAGroupThatIsAwayHasNotHandledThenShrinksToTheLimit(EmbeddedRedis redis) {
        int messages = 100_000;
        AtomicInteger present = new AtomicInteger();
        AtomicInteger returned = new AtomicInteger();
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(keeping(Retention.of(null, 1000)));
        orders.subscribe(group("away").handler(c -> {})).close();
        orders.subscribe(group("present").concurrency(2).handler(c -> present.incrementAndGet()));

        for (int sent = 0; sent < messages; sent += 500) {
            orders.publishBatch(events(500));
        }
        awaitFinished(orders, "present");
        assertThat(present).hasValue(messages);
        awaitNextTrim(raw);
        assertThat(raw.xlen(STREAM)).isEqualTo(messages);
        assertThat(stats(orders, "away").lag()).isEqualTo(messages);

        orders.subscribe(group("away").concurrency(2).handler(c -> returned.incrementAndGet()));
        awaitFinished(orders, "away");

        assertThat(returned).hasValue(messages);
        await().atMost(APPLIED).untilAsserted(() -> assertThat(raw.xlen(STREAM)).isBetween(1000L, 1100L));
        assertThat(orders.admin().stats().messages()).isBetween(1000L, 1100L);
    }

    @Test
    void removesMessagesOverTheAgeAndOffsetsGoOnAfterAllWereRemoved(EmbeddedRedis redis) {
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(keeping(Retention.of(Duration.ofSeconds(1), null)));
        orders.subscribe(group("billing").handler(c -> handled.add(c.offset())));
        orders.publishBatch(events(50));
        awaitFinished(orders, "billing");

        await().atMost(APPLIED).until(() -> raw.xlen(STREAM) == 0);
        assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1));
        assertThat(orders.publish(OrderEvent.number(51)).offset()).isEqualTo(51);
        await().untilAsserted(() -> assertThat(handled).hasSize(51).endsWith(51L));

        Queue<Long> late = new ConcurrentLinkedQueue<>();
        orders.subscribe(group("late").startFrom(Position.earliest()).handler(c -> late.add(c.offset())));
        await().untilAsserted(() -> assertThat(late).containsExactly(51L));
    }

    @Test
    void appliesToTopicsThatOnlyPublishersUseAndSharesTheCountAmongPartitions(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(keeping(Retention.of(Duration.ofDays(36_500), 90)).partitions(3));

        orders.publishBatch(events(900));

        await().atMost(APPLIED)
                .untilAsserted(
                        () -> assertThat(orders.admin().stats().messages()).isEqualTo(90));
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        assertThat(IntStream.range(0, 3).mapToObj(p -> raw.xlen("oq:{orders:" + p + "}:s")))
                .containsOnly(30L);
        assertThat(orders.publishBatch(events(3)).stream().map(PublishReceipt::offset))
                .containsOnly(301L);
    }

    @Test
    void keepsWhatIsPendingAndWhatIsParked(EmbeddedRedis redis) {
        CountDownLatch end = new CountDownLatch(1);
        RetentionSteps retention = retention(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing")
                .concurrency(2)
                .backoff(Backoff.of(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0))
                .handler(c -> {
                    if (c.offset() == 11 && c.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    if (c.offset() == 14) {
                        end.await();
                    }
                }));
        orders.publishBatch(events(20));
        await().until(() -> stats(orders, "billing").equals(figures(0, 1, 1, 0, 0, 1)));

        assertThat(removed(retention, 1)).isEqualTo(10);
        await().until(() -> stats(orders, "billing").equals(figures(0, 1, 0, 0, 0, 1)));
        assertThat(removed(retention, 1)).isEqualTo(3);
        end.countDown();
        awaitFinished(orders, "billing");
        assertThat(removed(retention, 1)).isEqualTo(6);
    }

    @Test
    void figuresAndReplayHoldAfterTrimming(EmbeddedRedis redis) {
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> handled.add(c.offset())));
        orders.publishBatch(events(1000));
        awaitFinished(orders, "billing");
        assertThat(removed(retention(redis), 100)).isEqualTo(900);
        assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1));
        handled.clear();

        orders.replay("billing", Position.offset(1));

        await().until(() -> handled.size() == 100);
        awaitFinished(orders, "billing");
        assertThat(handled)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(901, 1000).mapToObj(Long::valueOf).toList());
        assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1));
        assertThat(removed(retention(redis), 1_000_000)).isZero();
    }

    /** The first of several processes trims; the others find that it was done. */
    @Test
    void isAppliedOncePerInterval(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(10));
        RetentionSteps retention = retention(redis);

        assertThat(retention
                        .trim(Retention.of(null, 5), A_WEEK, Duration.ofHours(1))
                        .join()
                        .removed())
                .isEqualTo(5);
        assertThat(retention
                        .trim(Retention.of(null, 1), A_WEEK, Duration.ofHours(1))
                        .join()
                        .removed())
                .isZero();
    }

    private RetentionSteps retention(EmbeddedRedis redis) {
        return new RetentionSteps(
                new RedisLinks(pubSubs.client(GuideUsers.app(redis)), event -> {}).control(),
                new PartitionKeys("oq", "orders", 0),
                () -> 1);
    }

    private static long removed(RetentionSteps retention, long keep) {
        return retention
                .trim(Retention.of(null, keep), A_WEEK, Duration.ZERO)
                .join()
                .removed();
    }

    private static TopicSpec<OrderEvent> keeping(Retention retention) {
        return TopicSpec.of("orders", OrderEvent.class).retention(retention);
    }

    /** Until retention has been applied once more, whatever it did. */
    private static void awaitNextTrim(RedisCommands<String, String> raw) {
        String last = raw.hget(META, "trimmed");
        await().atMost(APPLIED).until(() -> !java.util.Objects.equals(raw.hget(META, "trimmed"), last));
    }
}
