package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.MessageHandler;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failures that another attempt would not cure. */
@ExtendWith(EmbeddedRedisExtension.class)
class FailureClassesIT {

    private static final Backoff SOON = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> attempts = new ConcurrentLinkedQueue<>();

    @Test
    void whatIsNotRetriedIsADeadLetterAtOnceWithItsCauseAndTheRestIsRetried(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, spec().noRetryFor(IOException.class), c -> {
            if (c.offset() == 1) {
                throw new UncheckedIOException("unreadable", new FileNotFoundException("gone"));
            }
            throw new IllegalStateException("busy");
        });

        orders.publishBatch(events(2));

        await().until(() -> stats(orders, "ledger").deadLetters() == 2);
        assertThat(attempts).containsExactlyInAnyOrder("1/1", "2/1", "2/2", "2/3");
        assertThat(orders.admin().deadLetters("ledger", 2))
                .extracting(dead -> dead.offset() + " after " + dead.attempts() + ": " + dead.cause())
                .containsExactlyInAnyOrder(
                        "1 after 1: java.io.UncheckedIOException: unreadable",
                        "2 after 3: java.lang.IllegalStateException: busy");
    }

    @Test
    void whereOnlySomeAreRetriedAllOthersAreGivenUpAtOnce(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, spec().retryOnlyFor(IOException.class), c -> {
            if (c.offset() == 1) {
                throw new IOException("no line");
            }
            throw new AssertionError("a defect");
        });

        orders.publishBatch(events(2));

        await().until(() -> stats(orders, "ledger").deadLetters() == 2);
        assertThat(attempts).containsExactlyInAnyOrder("1/1", "1/2", "1/3", "2/1");
    }

    @Test
    void aNackIsRetriedWhateverTheClasses(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, spec().retryOnlyFor(IOException.class), c -> {
            if (c.attempt() < 3) {
                c.nack();
            }
        });

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(attempts).containsExactly("1/1", "1/2", "1/3"));
    }

    @Test
    void anOrderedGroupThatHaltsDoesSoAtOnce(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription subscription = orders.subscribe(spec().mode(ConsumerMode.EXCLUSIVE)
                .afterRetries(AfterRetries.HALT)
                .noRetryFor(IllegalStateException.class)
                .handler(c -> {
                    attempts.add(c.offset() + "/" + c.attempt());
                    throw new IllegalStateException("never");
                }));

        orders.publishBatch(events(2));

        await().until(() -> subscription.state() == SubscriptionState.STALLED);
        assertThat(attempts).containsExactly("1/1");
        assertThat(stats(orders, "ledger").deadLetters()).isZero();
    }

    @Test
    void theApplicationsClassifierIsAskedToo(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(
                        redis, b -> b.failureClassifier(failure -> !"never".equals(failure.getMessage())))
                .topic("orders", OrderEvent.class);
        orders.subscribe(spec().handler(recorded(c -> {
            throw new IllegalStateException(c.offset() == 1 ? "never" : "later");
        })));

        orders.publishBatch(events(2));

        await().until(() -> stats(orders, "ledger").deadLetters() == 2);
        assertThat(attempts).containsExactlyInAnyOrder("1/1", "2/1", "2/2", "2/3");
    }

    @Test
    void aClassifierThatFailsCostsNoRetry(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(
                        redis,
                        b -> b.failureClassifier(failure -> {
                            throw new UnsupportedOperationException("not written yet");
                        }))
                .topic("orders", OrderEvent.class);
        orders.subscribe(spec().handler(recorded(c -> {
            throw new IllegalStateException("busy");
        })));

        orders.publish(OrderEvent.number(1));

        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        assertThat(attempts).containsExactly("1/1", "1/2", "1/3");
        assertThat(orders.admin().deadLetters("ledger", 1).get(0).cause())
                .isEqualTo("java.lang.IllegalStateException: busy");
    }

    private static SubscriptionSpec<OrderEvent> spec() {
        return group("ledger").maxRetries(2).backoff(SOON);
    }

    private Topic<OrderEvent> subscribed(
            EmbeddedRedis redis, SubscriptionSpec<OrderEvent> spec, MessageHandler<OrderEvent> handler) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(spec.handler(recorded(handler)));
        return orders;
    }

    private MessageHandler<OrderEvent> recorded(MessageHandler<OrderEvent> handler) {
        return c -> {
            attempts.add(c.offset() + "/" + c.attempt());
            handler.handle(c);
        };
    }
}
