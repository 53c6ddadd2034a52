package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics and groups coming into being, and what is refused. */
@ExtendWith(EmbeddedRedisExtension.class)
class SubscribeIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<Long> offsets = new ConcurrentLinkedQueue<>();

    @Test
    void aSecondSubscriptionForATopicAndGroupIsRefusedUntilTheFirstIsClosed(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        Subscription first = orders.subscribe(group("billing").handler(c -> {}));

        assertThatIllegalStateException()
                .isThrownBy(() -> pubSub.topic("orders", OrderEvent.class)
                        .subscribe(group("billing").handler(c -> {})))
                .withMessage("topic 'orders' already has a subscription for group 'billing' in this PubSub");

        assertThat(pubSub.subscriptions()).containsExactly(first);
        first.close();
        assertThat(first.state()).isEqualTo(SubscriptionState.CLOSED);
        assertThat(pubSub.subscriptions()).isEmpty();
        Subscription second = orders.subscribe(group("billing").handler(c -> {}));
        assertThat(second.state()).isEqualTo(SubscriptionState.RUNNING);
    }

    @Test
    void contradictorySettingsAreRefusedBeforeAnythingIsMade(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.subscribe(
                        group("billing").ackDeadline(Duration.ofHours(1)).handler(c -> {})))
                .withMessage("ack-deadline must not be longer than max-processing-time but was 1h and 10m");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.subscribe(group("billing")))
                .withMessage("handler of group 'billing' must not be null");

        assertThat(pubSub.subscriptions()).isEmpty();
        assertThat(orders.admin().stats().groups()).isEmpty();
    }

    @Test
    void theNumberOfPartitionsIsNeverLowered(EmbeddedRedis redis) {
        pubSubs.open(redis).topic(TopicSpec.of("orders", OrderEvent.class).partitions(4));
        PubSub other = pubSubs.open(redis);

        assertThat(other.topic("orders", OrderEvent.class).partitions()).isEqualTo(4);
        assertThatExceptionOfType(PubSubException.class)
                .isThrownBy(() -> pubSubs.open(redis)
                        .topic(TopicSpec.of("orders", OrderEvent.class).partitions(3)))
                .withMessage("topic 'orders' exists in Redis with 4 partitions and cannot be opened with 3:"
                        + " the number can only be raised; set oqronkit.pubsub.topics.orders.partitions to 4 or more, or leave"
                        + " it out");
        assertThat(other.topic("unheard-of", OrderEvent.class).partitions()).isEqualTo(1);
    }

    @Test
    void aGroupBeginsAtTheEndByDefaultAndAtTheBeginningWhenAsked(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Queue<Long> fromTheEnd = new ConcurrentLinkedQueue<>();
        orders.publishBatch(events(10));

        orders.subscribe(group("new").handler(c -> fromTheEnd.add(c.offset())));
        orders.subscribe(group("all").startFrom(Position.earliest()).handler(c -> offsets.add(c.offset())));
        orders.publish(OrderEvent.number(11));

        await().untilAsserted(() -> assertThat(offsets).hasSize(11));
        await().untilAsserted(() -> assertThat(fromTheEnd).containsExactly(11L));
        assertThat(offsets).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    }

    @Test
    void aGroupThatExistsGoesOnWhereItStoodWhateverTheSubscriptionSays(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription first = orders.subscribe(group("billing").handler(c -> offsets.add(c.offset())));
        orders.publishBatch(events(3));
        awaitFinished(orders, "billing");
        first.close();
        orders.publishBatch(events(2));

        orders.subscribe(group("billing").startFrom(Position.earliest()).handler(c -> offsets.add(c.offset())));

        await().untilAsserted(() -> assertThat(offsets).containsExactly(1L, 2L, 3L, 4L, 5L));
        awaitFinished(orders, "billing");
        assertThat(offsets).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void asManyHandlersRunAtOnceAsAskedFor(int partitions, EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(partitions));
        CountDownLatch allAtOnce = new CountDownLatch(8);
        orders.subscribe(group("billing").concurrency(8).handler(c -> {
            allAtOnce.countDown();
            allAtOnce.await();
            offsets.add(c.offset());
        }));

        orders.publishBatch(events(48));

        await().untilAsserted(() -> assertThat(allAtOnce.getCount()).isZero());
        await().until(() -> offsets.size() == 48);
    }

    /** Room is shared by the partitions, but a busy one may use what the idle ones leave. */
    @Test
    void asManyHandlersRunAtOnceAsAskedForWhenOnePartitionHasAllTheWork(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(3));
        int slow = 30;
        CountDownLatch allAtOnce = new CountDownLatch(6);
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger warm = new AtomicInteger();
        orders.subscribe(group("billing").concurrency(6).handler(c -> {
            if (warm.incrementAndGet() <= slow) { // teaches the workers that handlers are slow
                assertThat(never.await(200, java.util.concurrent.TimeUnit.MILLISECONDS))
                        .isFalse();
            } else {
                allAtOnce.countDown();
                allAtOnce.await();
                offsets.add(c.offset());
            }
        }));
        orders.publishMessages(events(slow).stream()
                .map(e -> OutgoingMessage.of(e).key("cust-7"))
                .toList());
        awaitFinished(orders, "billing");

        orders.publishMessages(events(12).stream()
                .map(e -> OutgoingMessage.of(e).key("cust-7"))
                .toList());

        await().untilAsserted(() -> assertThat(allAtOnce.getCount()).isZero());
        await().until(() -> offsets.size() == 12);
    }

    @Test
    void aSlowGroupHoldsUpNoOther(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch end = new CountDownLatch(1);
        orders.subscribe(group("slow").handler(c -> end.await()));
        orders.subscribe(group("fast").handler(c -> offsets.add(c.offset())));

        orders.publishBatch(events(500));

        awaitFinished(orders, "fast");
        assertThat(offsets).hasSize(500);
        assertThat(stats(orders, "slow").backlog()).isEqualTo(500);
        end.countDown();
        awaitFinished(orders, "slow");
    }

    /** Redis before 7.2 counts only reads that find something, and a paused subscription does not read. */
    @Test
    void oneThatIsPausedOrFindsNothingIsSeenByRedisAllTheSame(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("paused").handler(c -> {})).pause();
        orders.subscribe(group("idle").handler(c -> {}));
        var raw = pubSubs.raw(redis);

        await().during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(6))
                .untilAsserted(() -> assertThat(List.of("paused", "idle")).allSatisfy(group -> {
                    List<?> consumer = (List<?>)
                            raw.xinfoConsumers("oq:{orders:0}:s", group).get(0);
                    assertThat((Long) consumer.get(5)).isLessThan(3_000);
                }));
    }
}
