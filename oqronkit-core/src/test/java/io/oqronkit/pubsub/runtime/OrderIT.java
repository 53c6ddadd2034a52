package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.ACK_DEADLINE;
import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups with one order: one owner for each partition, one message after the other. */
@ExtendWith(EmbeddedRedisExtension.class)
class OrderIT {

    private static final Duration HANDED_OVER = Duration.ofSeconds(10);
    private static final Backoff SHORT = Backoff.of(Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<Long> handled = new ConcurrentLinkedQueue<>();

    @Test
    void anExclusiveGroupHandlesOneAfterTheOtherInOrderOverRetries(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Queue<String> starts = new ConcurrentLinkedQueue<>();
        orders.subscribe(exclusive().backoff(SHORT).handler(c -> {
            starts.add(c.offset() + "/" + c.attempt());
            if (c.offset() % 10 == 0 && c.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
            handled.add(c.offset());
        }));

        orders.publishBatch(events(50));

        await().until(() -> handled.size() == 50);
        assertThat(handled).containsExactlyElementsOf(offsets(1, 50));
        assertThat(starts).containsSubsequence("9/1", "10/1", "10/2", "10/3", "11/1");
        awaitFinished(orders, "ledger");
    }

    @Test
    void whatFailedForGoodIsADeadLetterAndTheNextFollows(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(exclusive().backoff(SHORT).maxRetries(2).handler(c -> {
            if (c.offset() == 3) {
                throw new IllegalStateException("never");
            }
            handled.add(c.offset());
        }));

        orders.publishBatch(events(5));

        await().until(() -> handled.size() == 4);
        assertThat(handled).containsExactly(1L, 2L, 4L, 5L);
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 1, 0, 1)));
        assertThat(orders.admin().deadLetters("ledger", 1).get(0).attempts()).isEqualTo(3);
    }

    @Test
    void oneProcessWorksAtATimeAndAnotherGoesOnWhereItStopped(EmbeddedRedis redis) {
        Topic<OrderEvent> first = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Topic<OrderEvent> second = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Queue<String> who = new ConcurrentLinkedQueue<>();
        Subscription leader = first.subscribe(exclusive().handler(c -> record(who, "first", c)));
        first.publishBatch(events(20));
        await().until(() -> handled.size() == 20);
        second.subscribe(exclusive().handler(c -> record(who, "second", c)));
        first.publishBatch(events(20));
        await().until(() -> handled.size() == 40);
        assertThat(who).allMatch(line -> line.startsWith("first"));

        first.publishBatch(events(500));
        leader.close();

        await().atMost(HANDED_OVER).until(() -> handled.size() == 540);
        assertThat(handled).containsExactlyElementsOf(offsets(1, 540));
        assertThat(who).allMatch(line -> line.endsWith("/1")); // no attempt was burnt
        List<Long> tokens = who.stream()
                .map(line -> Long.parseLong(line.split("/")[1]))
                .distinct()
                .toList();
        assertThat(tokens).hasSize(2).isSorted().doesNotContain(0L);
        awaitFinished(second, "ledger");
    }

    private void record(Queue<String> who, String process, MessageContext<OrderEvent> c) {
        who.add(process + "/" + c.fencingToken() + "/" + c.attempt());
        handled.add(c.offset());
    }

    @Test
    void aReplayGoesOverTheSameMessagesInOrder(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(exclusive().handler(c -> handled.add(c.offset())));
        orders.publishBatch(events(30));
        await().until(() -> handled.size() == 30);

        orders.replay("ledger", Position.offset(11));

        await().until(() -> handled.size() == 50);
        assertThat(handled.stream().skip(30)).containsExactlyElementsOf(offsets(11, 30));
        awaitFinished(orders, "ledger");
    }

    @Test
    void redrivenMessagesReachTheOwner(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch healed = new CountDownLatch(1);
        orders.subscribe(exclusive().maxRetries(0).handler(c -> {
            if (c.offset() == 2 && healed.getCount() > 0) {
                throw new IllegalStateException("no");
            }
            handled.add(c.offset());
        }));
        orders.publishBatch(events(3));
        await().until(() -> stats(orders, "ledger").deadLetters() == 1);

        healed.countDown();
        assertThat(orders.admin().redriveAll("ledger")).isEqualTo(1);

        await().until(() -> handled.size() == 3);
        awaitFinished(orders, "ledger");
    }

    @Test
    void pausingHandsThePartitionToAnotherProcessAndPausingTheGroupStopsAll(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Queue<String> who = new ConcurrentLinkedQueue<>();
        Subscription first = orders.subscribe(exclusive().handler(c -> record(who, "first", c)));
        orders.publish(OrderEvent.number(1));
        await().until(() -> handled.size() == 1);
        pubSubs.open(redis)
                .topic("orders", OrderEvent.class)
                .subscribe(exclusive().handler(c -> record(who, "second", c)));

        first.pause();
        orders.publish(OrderEvent.number(2));
        await().until(() -> handled.size() == 2);
        assertThat(who).last().asString().startsWith("second");

        orders.admin().pause("ledger");
        await().until(() -> first.state() == SubscriptionState.PAUSED);
        first.resume();
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(3)).until(() -> handled.size() == 2);
        orders.publish(OrderEvent.number(3));
        orders.admin().resume("ledger");
        await().until(() -> handled.size() == 3);
    }

    @Test
    void aGroupIsUsedInOneModeAtATime(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription exclusive = orders.subscribe(exclusive().handler(c -> handled.add(c.offset())));
        Topic<OrderEvent> elsewhere = pubSubs.open(redis).topic("orders", OrderEvent.class);
        SubscriptionSpec<OrderEvent> competing = group("ledger").handler(c -> handled.add(c.offset()));

        assertThatThrownBy(() -> elsewhere.subscribe(competing))
                .isInstanceOf(PubSubException.class)
                .hasMessageContaining("mode exclusive");

        exclusive.close();
        elsewhere.subscribe(competing);
        orders.publish(OrderEvent.number(1));
        await().until(() -> handled.size() == 1);
    }

    @Test
    void anExclusiveHandlerFiveTimesAsLongAsTheLeaseStartsOnce(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch end = new CountDownLatch(1);
        orders.subscribe(exclusive().handler(c -> {
            handled.add(c.offset());
            end.await();
        }));
        orders.publish(OrderEvent.number(1));

        await().during(ACK_DEADLINE.multipliedBy(5))
                .atMost(ACK_DEADLINE.multipliedBy(8))
                .until(() -> handled.size() <= 1);
        end.countDown();
        awaitFinished(orders, "ledger");
        assertThat(handled).containsExactly(1L);
    }

    @Test
    void aHandlerLongerThanTheMaximumIsInterruptedAndTriedAgainBeforeTheNext(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch never = new CountDownLatch(1);
        Queue<String> starts = new ConcurrentLinkedQueue<>();
        orders.subscribe(exclusive().maxProcessingTime(Duration.ofSeconds(1)).handler(c -> {
            starts.add(c.offset() + "/" + c.attempt());
            if (c.offset() == 1 && c.attempt() == 1) {
                never.await();
            }
        }));

        orders.publishBatch(events(2));

        await().until(() -> starts.size() == 3);
        assertThat(starts).containsExactly("1/1", "1/2", "2/1");
        awaitFinished(orders, "ledger");
    }

    private static SubscriptionSpec<OrderEvent> exclusive() {
        return group("ledger").mode(ConsumerMode.EXCLUSIVE);
    }

    private static List<Long> offsets(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }
}
