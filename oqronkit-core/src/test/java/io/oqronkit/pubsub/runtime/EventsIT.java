package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.PubSubEvent.GroupRecreated;
import io.oqronkit.pubsub.PubSubEvent.LeaseLost;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.pubsub.PubSubEvent.SubscriptionRecovered;
import io.oqronkit.pubsub.PubSubEvent.SubscriptionStalled;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a listener hears. Losses by retention: {@link DropIT}. */
@ExtendWith(EmbeddedRedisExtension.class)
class EventsIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<PubSubEvent> heard = new ConcurrentLinkedQueue<>();

    @Test
    void tellsOnceThatRedisIsLostAndFoundAndThatTheSubscriptionStallsAndRecovers(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = orders(redis);
        orders.subscribe(group("billing").handler(c -> {}));

        redis.kill();
        await().until(() -> !heard(SubscriptionStalled.class).isEmpty());
        redis.restart();

        await().untilAsserted(() -> {
            assertThat(heard(SubscriptionRecovered.class)).singleElement().satisfies(event -> {
                assertThat(event.topic()).isEqualTo("orders");
                assertThat(event.group()).isEqualTo("billing");
                assertThat(event.partition()).isZero();
            });
            assertThat(heard(RedisFound.class)).hasSize(1);
        });
        assertThat(heard(RedisLost.class)).hasSize(1);
        assertThat(heard(SubscriptionStalled.class)).hasSize(1);
    }

    @Test
    void tellsThatAGroupWasMadeAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = orders(redis);
        orders.subscribe(group("billing").handler(c -> {}));

        pubSubs.raw(redis).xgroupDestroy("oq:{orders:0}:s", "billing");

        await().until(() -> heard(GroupRecreated.class).size() == 1);
        assertThat(heard(GroupRecreated.class).get(0).group()).isEqualTo("billing");
    }

    @Test
    void tellsOfAHandlerThatRanTooLong(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = orders(redis);
        CountDownLatch never = new CountDownLatch(1);
        orders.subscribe(
                group("billing").maxProcessingTime(Duration.ofSeconds(1)).handler(c -> {
                    if (c.attempt() == 1) {
                        never.await();
                    }
                }));

        MessageId id = orders.publish(OrderEvent.number(1)).id();

        await().until(() -> heard(LeaseLost.class).size() == 1);
        awaitFinished(orders, "billing");
        assertThat(heard(LeaseLost.class)).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo(id);
            assertThat(event.attempt()).isEqualTo(1);
        });
    }

    @Test
    void tellsOfAMessageThatIsGivenUpWithoutADeadLetter(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, builder -> builder.listener(heard::add))
                .topic(TopicSpec.of("orders", OrderEvent.class).deadLetter(DeadLetterPolicy.disabled()));
        orders.subscribe(group("billing").maxRetries(0).handler(c -> c.nack()));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(heard(MessagesDropped.class))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.count()).isEqualTo(1);
                    assertThat(event.reason()).isEqualTo(DropReason.NO_DEAD_LETTERS);
                }));
    }

    @Test
    void tellsOfMessagesThatSomebodyElseRemoved(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = orders(redis);
        orders.subscribe(group("billing")
                .backoff(Backoff.of(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0))
                .handler(c -> c.nack()));
        orders.publishBatch(events(5));
        await().until(() -> stats(orders, "billing").parked() == 5);

        pubSubs.raw(redis).xtrim("oq:{orders:0}:s", 0);

        await().untilAsserted(() -> assertThat(heard(MessagesDropped.class))
                .allMatch(event -> event.reason() == DropReason.REMOVED_OUTSIDE)
                .extracting(MessagesDropped::count)
                .satisfies(counts ->
                        assertThat(counts.stream().mapToLong(n -> n).sum()).isEqualTo(5)));
    }

    private Topic<OrderEvent> orders(EmbeddedRedis redis) {
        return pubSubs.open(redis, builder -> builder.listener(heard::add)).topic("orders", OrderEvent.class);
    }

    private <E extends PubSubEvent> List<E> heard(Class<E> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
