package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moving a group to a position, with nothing, with running and with parked messages around it. */
@ExtendWith(EmbeddedRedisExtension.class)
class ReplayIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<MessageId> handled = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void deliversExactlyWhatLiesBehindThePosition(int partitions, EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(partitions));
        orders.subscribe(group("analytics").handler(c -> {})).close();
        List<MessageId> before = publish(orders, 30);
        await().until(() -> Instant.now().isAfter(latest(before).plusMillis(1)));
        List<MessageId> after = publish(orders, 30);
        List<MessageId> all = new ArrayList<>(before);
        all.addAll(after);
        Instant middle = after.stream()
                .map(MessageId::publishedAt)
                .min(Instant::compareTo)
                .orElseThrow();
        MessageId one = before.get(7);

        Map<Position, Predicate<MessageId>> expectations = new LinkedHashMap<>();
        expectations.put(Position.offset(7), id -> id.offset() >= 7);
        expectations.put(Position.offset(1), id -> true);
        expectations.put(Position.offset(1_000), id -> false);
        expectations.put(Position.earliest(), id -> true);
        expectations.put(Position.latest(), id -> false);
        expectations.put(Position.timestamp(middle), id -> !id.publishedAt().isBefore(middle));
        expectations.put(Position.timestamp(latest(before).plusMillis(1)), after::contains);
        expectations.put(Position.timestamp(Instant.EPOCH.minusSeconds(1)), id -> true);
        expectations.put(Position.timestamp(Instant.now().plusSeconds(60)), id -> false);
        expectations.put(
                Position.after(one),
                id -> id.partition() == one.partition()
                        ? id.offset() > one.offset()
                        : !id.publishedAt().isBefore(one.publishedAt()));
        expectations.put(
                Position.after(all.get(59)),
                id -> id.partition() != all.get(59).partition()
                        && !id.publishedAt().isBefore(all.get(59).publishedAt()));

        expectations.forEach((position, expected) -> {
            List<MessageId> wanted = all.stream().filter(expected).toList();
            orders.replay("analytics", position);
            assertThat(stats(orders, "analytics"))
                    .as("figures after a replay from %s", position)
                    .isEqualTo(figures(wanted.size(), 0, 0, 0, 0, 0));
            assertThat(handleAll(orders)).as("replay from %s", position).containsExactlyInAnyOrderElementsOf(wanted);
        });
    }

    @Test
    void reachesARunningGroupInEveryProcessAndNoOtherGroup(EmbeddedRedis redis) {
        AtomicInteger others = new AtomicInteger();
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Topic<OrderEvent> elsewhere = pubSubs.open(redis).topic("orders", OrderEvent.class);
        List.of(orders, elsewhere).forEach(topic -> {
            topic.subscribe(group("analytics").concurrency(2).handler(c -> handled.add(c.id())));
            topic.subscribe(group("billing").handler(c -> others.incrementAndGet()));
        });
        List<MessageId> all = publish(orders, 200);
        awaitFinished(orders, "analytics");
        awaitFinished(orders, "billing");
        handled.clear();

        elsewhere.replay("analytics", Position.offset(101));

        await().untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(all.subList(100, 200)));
        awaitFinished(orders, "analytics");
        assertThat(handled).hasSize(100);
        assertThat(others).hasValue(200);
    }

    @Test
    void skipsWhatIsThereWhenMovedToTheEnd(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("analytics").handler(c -> {})).close();
        publish(orders, 50);

        orders.replay("analytics", Position.latest());
        List<MessageId> next = publish(orders, 1);

        assertThat(handleAll(orders)).containsExactlyElementsOf(next);
    }

    /** R#16: Redis does not wake a reader that waits; it looks again by itself after a second. */
    @Test
    void showsWithinTwoSecondsThoughEveryReaderWaits(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("analytics").handler(c -> handled.add(c.id())));
        publish(orders, 5);
        awaitFinished(orders, "analytics");
        handled.clear();

        orders.replay("analytics", Position.offset(1));

        await().atMost(Duration.ofSeconds(2)).until(() -> handled.size() == 5);
    }

    /** The late ack belongs to a delivery from before the replay: it must not settle the one made since. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deliversAMessageAgainWhoseHandlerRunsAndRefusesItsLateAckOrFailure(boolean fails, EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        List<CountDownLatch> ends = List.of(new CountDownLatch(1), new CountDownLatch(1));
        AtomicInteger starts = new AtomicInteger();
        Queue<String> returned = new ConcurrentLinkedQueue<>();
        orders.subscribe(group("analytics").concurrency(2).handler(c -> {
            int start = starts.getAndIncrement();
            Groups.awaitStubbornly(ends.get(start));
            returned.add("start " + start + " attempt " + c.attempt() + " lost " + c.isLeaseLost());
            if (fails && start == 0) {
                throw new IllegalStateException("too late");
            }
        }));
        publish(orders, 1);
        await().until(() -> starts.get() == 1);

        orders.replay("analytics", Position.offset(1));
        await().until(() -> starts.get() == 2);
        ends.get(0).countDown();

        await().untilAsserted(() -> assertThat(returned).containsExactly("start 0 attempt 1 lost true"));
        await().during(Duration.ofMillis(500))
                .until(() -> stats(orders, "analytics").equals(figures(0, 1, 0, 0, 0, 1)));
        ends.get(1).countDown();
        awaitFinished(orders, "analytics");
        assertThat(returned).containsExactly("start 0 attempt 1 lost true", "start 1 attempt 1 lost false");
    }

    @Test
    void leavesPendingMessagesBeforeThePositionAlone(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch end = new CountDownLatch(1);
        orders.subscribe(group("analytics").concurrency(2).handler(c -> {
            if (c.offset() == 2) {
                end.await();
            }
            handled.add(c.id());
        }));
        List<MessageId> all = publish(orders, 10);
        await().until(() -> handled.size() == 9);
        handled.clear();

        orders.replay("analytics", Position.offset(6));
        await().untilAsserted(() -> assertThat(handled).containsExactlyElementsOf(all.subList(5, 10)));
        await().untilAsserted(() -> assertThat(stats(orders, "analytics")).isEqualTo(figures(0, 1, 0, 0, 0, 1)));
        end.countDown();

        awaitFinished(orders, "analytics");
        assertThat(handled).hasSize(6).endsWith(all.get(1));
    }

    @Test
    void clearsWhatIsParkedBehindThePositionAndKeepsWhatIsParkedBeforeIt(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        AtomicInteger failures = new AtomicInteger(2);
        Queue<String> attempts = new ConcurrentLinkedQueue<>();
        orders.subscribe(group("analytics")
                .backoff(Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0))
                .handler(c -> {
                    attempts.add(c.offset() + "/" + c.attempt());
                    if ((c.offset() == 2 || c.offset() == 8) && failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("not now");
                    }
                }));
        publish(orders, 10);
        await().until(() -> stats(orders, "analytics").equals(figures(0, 0, 2, 0, 0, 1)));
        attempts.clear();

        orders.replay("analytics", Position.offset(7));

        await().untilAsserted(() -> assertThat(attempts).containsExactly("7/1", "8/1", "9/1", "10/1"));
        await().untilAsserted(() -> assertThat(stats(orders, "analytics")).isEqualTo(figures(0, 0, 1, 0, 0, 1)));
    }

    /** Twice while the first replay's deliveries are pending; 2,500 of them, so that clearing takes more than a page. */
    @Test
    void mayFollowUponAnotherReplay(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch end = new CountDownLatch(1);
        Subscription stuck =
                orders.subscribe(group("analytics").concurrency(1000).handler(c -> end.await()));
        List<MessageId> all = publish(orders, 2500);
        await().until(() -> stats(orders, "analytics").pending() >= 1000);

        orders.replay("analytics", Position.earliest());
        orders.replay("analytics", Position.offset(2001));
        end.countDown();
        awaitFinished(orders, "analytics");
        stuck.close();

        assertThat(stats(orders, "analytics").backlog()).isZero();
        orders.replay("analytics", Position.offset(2001));
        assertThat(handleAll(orders)).containsExactlyElementsOf(all.subList(2000, 2500));
    }

    private List<MessageId> handleAll(Topic<OrderEvent> orders) {
        handled.clear();
        Subscription subscription = orders.subscribe(group("analytics").handler(c -> handled.add(c.id())));
        awaitFinished(orders, "analytics");
        subscription.close();
        return List.copyOf(handled);
    }

    private static List<MessageId> publish(Topic<OrderEvent> orders, int count) {
        return orders.publishBatch(events(count)).stream()
                .map(PublishReceipt::id)
                .toList();
    }

    private static Instant latest(List<MessageId> ids) {
        return ids.stream().map(MessageId::publishedAt).max(Instant::compareTo).orElseThrow();
    }
}
