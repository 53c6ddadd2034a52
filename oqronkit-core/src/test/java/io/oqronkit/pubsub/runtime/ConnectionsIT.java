package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.TimeoutOptions;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waits for what on the way to Redis. */
@ExtendWith(EmbeddedRedisExtension.class)
class ConnectionsIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    /** R#8: on the connection of a reader that waits for messages, each of these steps would take a second. */
    @Test
    void publishingAndAcknowledgingDoNotWaitForAReader(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing").handler(c -> handled.add("" + c.offset())));
        long begun = System.nanoTime();

        for (int i = 1; i <= 30; i++) {
            int sent = i;
            orders.publish(OrderEvent.number(i));
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() ->
                            handled.size() == sent && stats(orders, "billing").backlog() == 0);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    }

    /** R#36: fast handlers are given up to 1,000 messages ahead, but not 1,000 of a megabyte. */
    @Test
    void largeMessagesAreNotHoardedHoweverFastTheHandlersAre(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch end = new CountDownLatch(1);
        orders.subscribe(group("billing").handler(c -> {
            if (c.offset() > 3_005) {
                end.await();
            }
            handled.add("" + c.offset());
        }));
        OrderEvent large = new OrderEvent("order.created", "x".repeat(1_000_000), 1);
        IntStream.range(0, 5).forEach(i -> orders.publish(large));
        orders.publishBatch(Groups.events(3_000)); // so fast that 1,000 may be held ahead
        await().until(() -> handled.size() == 3_005);

        IntStream.range(0, 80).forEach(i -> orders.publish(large));
        await().until(() -> stats(orders, "billing").pending() > 8);
        await().during(Duration.ofSeconds(1))
                .until(() -> stats(orders, "billing").pending() <= 40);
        end.countDown();

        awaitFinished(orders, "billing");
        assertThat(handled).hasSize(3_085);
    }

    /** R#7: a read that waits longer than the client's command timeout is no failure. */
    @Test
    void aShortCommandTimeoutOfTheClientEndsNoRead(EmbeddedRedis redis) {
        RedisClient impatient = pubSubs.client(GuideUsers.app(redis) + "?timeout=100ms");
        impatient.setOptions(
                ClientOptions.builder().timeoutOptions(TimeoutOptions.enabled()).build());
        Topic<OrderEvent> orders = pubSubs.open(impatient, builder -> builder).topic("orders", OrderEvent.class);
        Subscription subscription =
                orders.subscribe(group("billing").handler(c -> handled.add(c.offset() + "/" + c.attempt())));

        await().during(Duration.ofSeconds(1)).until(() -> subscription.state() == SubscriptionState.RUNNING);
        orders.publish(OrderEvent.number(1));

        awaitFinished(orders, "billing");
        assertThat(handled).containsExactly("1/1");
    }
}
