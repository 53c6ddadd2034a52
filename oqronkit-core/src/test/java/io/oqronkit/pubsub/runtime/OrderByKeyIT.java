package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Groups with an order for each key: parallel across keys, shared between processes. */
@ExtendWith(EmbeddedRedisExtension.class)
class OrderByKeyIT {

    private static final Duration HANDED_OVER = Duration.ofSeconds(10);
    private static final Backoff SHORT = Backoff.of(Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void partitionsAreSharedFairlyAndAReleasedOneIsTakenUp(EmbeddedRedis redis) {
        Map<String, String> ownerOf = new ConcurrentHashMap<>();
        List<Subscription> subscriptions = new ArrayList<>();
        Topic<OrderEvent> orders = null;
        for (String name : List.of("a", "b", "c")) {
            PubSub process = pubSubs.open(redis, builder -> builder.instanceName(name));
            orders = process.topic(TopicSpec.of("orders", OrderEvent.class).partitions(6));
            subscriptions.add(
                    orders.subscribe(keyOrdered().handler(c -> ownerOf.put(Integer.toString(c.partition()), name))));
        }
        Topic<OrderEvent> topic = orders;

        awaitShares(topic, ownerOf, 2, 2, 2);
        subscriptions.get(1).close();
        awaitShares(topic, ownerOf, 3, 0, 3);
    }

    private static void awaitShares(Topic<OrderEvent> topic, Map<String, String> ownerOf, long a, long b, long c) {
        await().atMost(HANDED_OVER).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            ownerOf.clear();
            topic.publishBatch(events(12));
            await().until(() -> ownerOf.size() == 6);
            assertThat(List.of("a", "b", "c"))
                    .extracting(name ->
                            ownerOf.values().stream().filter(name::equals).count())
                    .containsExactly(a, b, c);
        });
    }

    @Test
    void keepsOrderPerKeyAcrossRetriesWhileProcessesComeAndGo(EmbeddedRedis redis) {
        Map<String, Queue<Long>> done = new ConcurrentHashMap<>();
        TopicSpec<OrderEvent> spec = TopicSpec.of("orders", OrderEvent.class).partitions(3);
        SubscriptionSpec<OrderEvent> handling = keyOrdered()
                .concurrency(8)
                .backoff(SHORT)
                .maxRetries(50)
                .handler(c -> {
                    if (ThreadLocalRandom.current().nextInt(10) == 0) {
                        throw new IllegalStateException("now and then");
                    }
                    done.computeIfAbsent(String.valueOf(c.key()), k -> new ConcurrentLinkedQueue<>())
                            .add(c.offset());
                });
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(spec);
        Subscription first = orders.subscribe(handling);
        Subscription second = pubSubs.open(redis).topic(spec).subscribe(handling);

        for (int round = 0; round < 10; round++) {
            orders.publishMessages(IntStream.range(0, 250)
                    .mapToObj(i -> OutgoingMessage.of(OrderEvent.number(i)).key("key-" + i % 50))
                    .toList());
            if (round == 3) {
                first.close();
            }
            if (round == 6) {
                pubSubs.open(redis).topic(spec).subscribe(handling);
            }
        }

        await().atMost(Duration.ofSeconds(30))
                .until(() -> done.values().stream().mapToInt(Queue::size).sum() == 2_500);
        assertThat(done).hasSize(50).allSatisfy((key, offsets) -> assertThat(List.copyOf(offsets))
                .hasSize(50)
                .isSorted());
        awaitFinished(orders, "ledger");
        second.close();
    }

    @Test
    void aFailingKeyHoldsUpNoOtherKey(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch healed = new CountDownLatch(1);
        Queue<String> keys = new ConcurrentLinkedQueue<>();
        orders.subscribe(
                keyOrdered().concurrency(2).backoff(SHORT).maxRetries(1_000).handler(c -> {
                    if ("sick".equals(c.key()) && healed.getCount() > 0) {
                        throw new IllegalStateException("not yet");
                    }
                    keys.add(String.valueOf(c.key()));
                }));
        orders.publishMessages(IntStream.range(0, 1_500)
                .mapToObj(i -> OutgoingMessage.of(OrderEvent.number(i)).key("sick"))
                .toList());
        orders.publishMessages(IntStream.range(0, 500)
                .mapToObj(i -> OutgoingMessage.of(OrderEvent.number(i)).key("well-" + i % 7))
                .toList());

        await().until(() -> keys.size() == 500);
        assertThat(keys).doesNotContain("sick");
        healed.countDown();
        await().until(() -> keys.size() == 2_000);
    }

    private static SubscriptionSpec<OrderEvent> keyOrdered() {
        return group("ledger").mode(ConsumerMode.KEY_ORDERED);
    }
}
