package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
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

/** Handlers that take long, too long, or for ever. */
@ExtendWith(EmbeddedRedisExtension.class)
class LongHandlerIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    /** With a second process that would take over what is not kept. */
    @Test
    void aHandlerFiveTimesAsLongAsTheAckDeadlineStartsOnce(EmbeddedRedis redis) {
        AtomicInteger starts = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        PubSub one = pubSubs.open(redis);
        PubSub two = pubSubs.open(redis);
        List.of(one, two).forEach(pubSub -> pubSub.topic("orders", OrderEvent.class)
                .subscribe(group("ledger").handler(c -> {
                    starts.incrementAndGet();
                    end.await();
                    handled.add(c.attempt() + " " + c.isLeaseLost());
                })));
        Topic<OrderEvent> orders = one.topic("orders", OrderEvent.class);

        orders.publish(OrderEvent.number(1));

        await().until(() -> starts.get() == 1);
        await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(7)).until(() -> starts.get() == 1);
        end.countDown();
        awaitFinished(orders, "ledger");
        assertThat(handled).containsExactly("1 false");
    }

    @Test
    void aHandlerLongerThanTheMaximumProcessingTimeIsInterruptedAndItsMessageTriedAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(
                group("ledger").maxProcessingTime(Duration.ofSeconds(1)).handler(c -> {
                    if (c.attempt() == 1) {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            handled.add("interrupted, lost " + c.isLeaseLost());
                            throw e;
                        }
                    }
                    handled.add("attempt " + c.attempt());
                }));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(handled).containsExactly("interrupted, lost true", "attempt 2"));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
    }

    @Test
    void aSubscriptionWhoseHandlersDoNotReturnIsStalledUntilOneDoes(EmbeddedRedis redis) {
        CountDownLatch end = new CountDownLatch(1);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription subscription = orders.subscribe(
                group("ledger").maxProcessingTime(Duration.ofSeconds(1)).handler(c -> awaitHeedless(end)));

        orders.publish(OrderEvent.number(1));

        await().until(() -> subscription.state() == SubscriptionState.STALLED);
        assertThat(subscription.stalledBecause())
                .hasValue("no handler thread is free: all 1 have run longer than max-processing-time PT1S");
        end.countDown();
        await().until(() -> subscription.state() == SubscriptionState.RUNNING);
        awaitFinished(orders, "ledger");
    }

    private static void awaitHeedless(CountDownLatch latch) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                latch.await();
                interrupted = false;
            } catch (InterruptedException ignored) {
                // that is what this handler is about
            }
        }
    }
}
