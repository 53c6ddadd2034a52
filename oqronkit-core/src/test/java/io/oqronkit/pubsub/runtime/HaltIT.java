package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A group that stops at the message that failed for good, rather than to go on without it. */
@ExtendWith(EmbeddedRedisExtension.class)
class HaltIT {

    private static final Backoff SHORT = Backoff.of(Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<Long> handled = new ConcurrentLinkedQueue<>();

    @Test
    void aHaltedPartitionStopsForEveryProcessAndSaysWhereUntilItIsResumed(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CountDownLatch healed = new CountDownLatch(1);
        SubscriptionSpec<OrderEvent> spec = exclusive()
                .afterRetries(AfterRetries.HALT)
                .maxRetries(1)
                .backoff(SHORT)
                .handler(c -> {
                    if (c.offset() == 3 && healed.getCount() > 0) {
                        throw new IllegalStateException("no account");
                    }
                    handled.add(c.offset());
                });
        Subscription one = orders.subscribe(spec);
        Subscription other =
                pubSubs.open(redis).topic("orders", OrderEvent.class).subscribe(spec);

        orders.publishBatch(events(5));

        await().untilAsserted(() -> assertThat(List.of(one, other)).allSatisfy(subscription -> {
            assertThat(subscription.state()).isEqualTo(SubscriptionState.STALLED);
            assertThat(subscription.stalledBecause())
                    .get()
                    .asString()
                    .contains("-3 ")
                    .contains("no account");
        }));
        assertThat(handled).containsExactly(1L, 2L);
        assertThat(logs.at(Level.ERROR, "halts partition 0")).hasSize(1);
        assertThat(logs.at(Level.WARN, "gives up")).isEmpty();
        healed.countDown();
        orders.admin().resume("ledger");
        await().until(() -> handled.size() == 5);
        assertThat(handled).containsExactly(1L, 2L, 3L, 4L, 5L);
        awaitFinished(orders, "ledger");
        assertThat(one.state()).isEqualTo(SubscriptionState.RUNNING);
    }

    @Test
    void aMessageItIsHaltedAtCanBeSkipped(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription subscription = orders.subscribe(
                exclusive().afterRetries(AfterRetries.HALT).maxRetries(0).handler(c -> {
                    if (c.offset() == 3) {
                        throw new IllegalStateException("no account");
                    }
                    handled.add(c.offset());
                }));
        var third = orders.publishBatch(events(5)).get(2).id();
        await().until(() -> subscription.state() == SubscriptionState.STALLED);

        assertThat(orders.admin()
                        .skip("ledger", orders.publish(OrderEvent.number(6)).id()))
                .isFalse();
        assertThat(orders.admin().skip("ledger", third)).isTrue();

        await().until(() -> handled.size() == 5);
        assertThat(handled).containsExactly(1L, 2L, 4L, 5L, 6L);
        assertThat(orders.admin().deadLetters("ledger", 10)).singleElement().satisfies(letter -> {
            assertThat(letter.id()).isEqualTo(third);
            assertThat(letter.cause()).contains("no account");
        });
    }

    private static SubscriptionSpec<OrderEvent> exclusive() {
        return group("ledger").mode(ConsumerMode.EXCLUSIVE);
    }
}
