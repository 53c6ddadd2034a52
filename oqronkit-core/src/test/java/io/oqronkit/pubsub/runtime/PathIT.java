package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.figures;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(EmbeddedRedisExtension.class)
class PathIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void handlesWhatWasPublishedAndAcknowledgesIt(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Queue<OrderEvent> handled = new ConcurrentLinkedQueue<>();
        orders.subscribe(
                SubscriptionSpec.<OrderEvent>group("billing").handler(context -> handled.add(context.message())));

        PublishReceipt receipt = orders.publish(OrderEvent.number(1));

        assertThat(receipt.offset()).isEqualTo(1);
        assertThat(receipt.duplicate()).isFalse();
        await().untilAsserted(() -> assertThat(handled).containsExactly(OrderEvent.number(1)));
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
    }

    @Test
    void carriesKeyAndHeaders(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing")
                .handler(c -> seen.add(c.key() + " " + c.headers() + " " + c.attempt() + "/" + c.maxAttempts())));

        orders.publish(OutgoingMessage.of(OrderEvent.number(1))
                .key("cust-7")
                .header("source", "checkout")
                .header("e", ""));
        orders.publish(OrderEvent.number(2));

        await().untilAsserted(() ->
                assertThat(seen).containsExactlyInAnyOrder("cust-7 {source=checkout, e=} 1/6", "null {} 1/6"));
    }

    @Test
    void givesDenseOffsetsFromOneInEachPartition(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("order-events", OrderEvent.class).partitions(3));

        List<PublishReceipt> receipts = orders.publishBatch(
                IntStream.range(0, 900).mapToObj(OrderEvent::number).toList());

        for (int partition = 0; partition < 3; partition++) {
            int p = partition;
            assertThat(receipts.stream().filter(r -> r.partition() == p).map(PublishReceipt::offset))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 300).boxed().toList());
        }
    }

    @Test
    void retriesWithGrowingAttemptsThenKeepsADeadLetterWithItsCause(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("ledger")
                .maxRetries(2)
                .backoff(io.oqronkit.pubsub.Backoff.of(Duration.ofMillis(10), 2, Duration.ofSeconds(1), 0))
                .handler(c -> {
                    attempts.add(c.attempt());
                    throw new IllegalStateException("ledger is closed");
                }));

        PublishReceipt receipt = orders.publish(OrderEvent.number(13));

        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 1, 0, 1)));
        assertThat(attempts).containsExactly(1, 2, 3);
        DeadLetter dead = orders.admin().deadLetters("ledger", 10).get(0);
        assertThat(dead.id()).isEqualTo(receipt.id());
        assertThat(dead.attempts()).isEqualTo(3);
        assertThat(dead.cause()).isEqualTo("java.lang.IllegalStateException: ledger is closed");
        assertThat(new String(dead.payload(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("ord_13");
    }

    @Test
    void redrivesADeadLetterToItsGroupAloneUnderItsOldIdentity(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        AtomicInteger others = new AtomicInteger();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        AtomicInteger failures = new AtomicInteger(1);
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("other").handler(c -> others.incrementAndGet()));
        orders.subscribe(
                SubscriptionSpec.<OrderEvent>group("ledger").maxRetries(0).handler(c -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("not yet");
                    }
                    handled.add(c.id() + " attempt " + c.attempt());
                }));
        PublishReceipt receipt = orders.publish(OrderEvent.number(1));
        await().until(() -> stats(orders, "ledger").deadLetters() == 1);

        assertThat(orders.admin().redrive("ledger", receipt.id())).isTrue();
        assertThat(orders.admin().redrive("ledger", receipt.id())).isFalse();

        await().untilAsserted(() -> assertThat(handled).containsExactly(receipt.id() + " attempt 1"));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
        assertThat(others).hasValue(1);
    }

    @Test
    void replaysFromAnOffsetExactly(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Queue<Long> offsets = new ConcurrentLinkedQueue<>();
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("analytics").handler(c -> offsets.add(c.offset())));
        orders.publishBatch(
                IntStream.range(0, 1000).mapToObj(OrderEvent::number).toList());
        await().until(() -> offsets.size() == 1000 && stats(orders, "analytics").backlog() == 0);
        offsets.clear();

        orders.replay("analytics", Position.offset(421));

        await().until(() -> stats(orders, "analytics").backlog() == 0 && offsets.size() >= 580);
        assertThat(offsets)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(421, 1000).boxed().toList());
    }

    @Test
    void sharesWorkBetweenTwoProcessesAndGivesEachGroupEveryMessageOnce(EmbeddedRedis redis) {
        int messages = 10_000;
        PubSub one = pubSubs.open(redis);
        PubSub two = pubSubs.open(redis);
        List<String> groups = List.of("billing", "analytics", "shipping");
        Map<String, Map<Long, AtomicInteger>> handled = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> byProcess = new ConcurrentHashMap<>();
        Map.of("one", one, "two", two)
                .forEach((process, pubSub) -> groups.forEach(group -> pubSub.topic("order-events", OrderEvent.class)
                        .subscribe(SubscriptionSpec.<OrderEvent>group(group)
                                .concurrency(4)
                                .handler(c -> {
                                    LockSupport.parkNanos(200_000); // as if asking somebody: else the CPU decides
                                    handled.computeIfAbsent(group, g -> new ConcurrentHashMap<>())
                                            .computeIfAbsent(c.offset(), o -> new AtomicInteger())
                                            .incrementAndGet();
                                    byProcess
                                            .computeIfAbsent(group + "@" + process, k -> new AtomicInteger())
                                            .incrementAndGet();
                                }))));
        Topic<OrderEvent> orders = one.topic("order-events", OrderEvent.class);

        CompletableFuture.allOf(IntStream.range(0, messages)
                        .mapToObj(i -> orders.publishAsync(OrderEvent.number(i)))
                        .toArray(CompletableFuture<?>[]::new))
                .join();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> groups.forEach(
                        group -> assertThat(stats(orders, group).backlog()).isZero()));
        groups.forEach(group -> {
            assertThat(handled.get(group)).hasSize(messages);
            assertThat(handled.get(group).values())
                    .allSatisfy(count -> assertThat(count).hasValue(1));
        });
        assertThat(byProcess).hasSize(6);
        assertThat(byProcess.values())
                .allSatisfy(count -> assertThat(count.get()).isGreaterThan(messages / 5));
    }

    static GroupStats stats(Topic<?> topic, String group) {
        return topic.admin().stats().groups().get(group);
    }
}
