package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageHandler;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Settlement by the handler itself. */
@ExtendWith(EmbeddedRedisExtension.class)
class ManualAckIT {

    private static final GroupStats NOTHING_LEFT = figures(0, 0, 0, 0, 0, 1);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();

    @Test
    void returningUnsettledIsANack(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 1, c -> {});

        DeadLetter dead = awaitDeadLetter(orders);
        assertThat(attempts).containsExactly(1, 2);
        assertThat(dead.cause()).isEqualTo("the handler returned without settling the message");
    }

    @Test
    void ackSettlesOnceAndForAll(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 1, c -> c.ack());

        awaitFinished(orders, "ledger");
        assertThat(attempts).containsExactly(1);
        assertThat(stats(orders, "ledger")).isEqualTo(NOTHING_LEFT);
    }

    @Test
    void nackTriesAgainAndDeadLettersAfterTheLastAttempt(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 2, c -> c.nack());

        assertThat(awaitDeadLetter(orders).cause()).isEqualTo("nack by the handler");
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    void nackWithADelayWaitsThatLongInsteadOfTheBackoff(EmbeddedRedis redis) {
        AtomicLong nackedAt = new AtomicLong();
        AtomicLong waited = new AtomicLong();
        Topic<OrderEvent> orders = publishTo(redis, 1, c -> {
            if (c.attempt() == 1) {
                nackedAt.set(System.nanoTime());
                c.nack(Duration.ofMillis(1500));
            } else {
                waited.set(System.nanoTime() - nackedAt.get());
                c.ack();
            }
        });

        awaitFinished(orders, "ledger");
        assertThat(attempts).containsExactly(1, 2);
        assertThat(Duration.ofNanos(waited.get())).isBetween(Duration.ofMillis(1500), Duration.ofMillis(3500));
    }

    @Test
    void nackRefusesDelaysOutOfBoundsAndSettlesNothingThen(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 1, c -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> c.nack(Duration.ofMillis(-1)))
                    .withMessageContaining("delay of nack must be between 0s and 7 days but was");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> c.nack(Duration.ofDays(8)))
                    .withMessageContaining("delay of nack must be between 0s and 7 days but was");
            c.ack();
        });

        awaitFinished(orders, "ledger");
        assertThat(stats(orders, "ledger")).isEqualTo(NOTHING_LEFT);
    }

    @Test
    void deadLetterGivesUpAtOnceWithTheReasonAsTheCause(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 5, c -> c.deadLetter("order is fraudulent"));

        DeadLetter dead = awaitDeadLetter(orders);
        assertThat(dead.cause()).isEqualTo("order is fraudulent");
        assertThat(dead.attempts()).isEqualTo(1);
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void aReasonThatIsMissingIsAFailedAttemptNotALostMessage(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 0, c -> c.deadLetter(null));

        assertThat(awaitDeadLetter(orders).cause())
                .isEqualTo("java.lang.IllegalArgumentException: reason must not be null");
    }

    @Test
    void discardDropsTheMessageAndLogsTheReason(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 5, c -> c.discard("a test order"));

        awaitFinished(orders, "ledger");
        assertThat(attempts).containsExactly(1);
        assertThat(stats(orders, "ledger")).isEqualTo(NOTHING_LEFT);
        assertThat(logs.at(Level.INFO, "a test order")).hasSize(1);
    }

    @Test
    void theFirstSettlementWinsAndTheSecondIsLogged(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 5, c -> {
            c.ack();
            c.deadLetter("too late");
        });

        awaitFinished(orders, "ledger");
        assertThat(stats(orders, "ledger")).isEqualTo(NOTHING_LEFT);
        assertThat(attempts).containsExactly(1);
        assertThat(logs.at(Level.WARN, "second settlement (dead-letter) of orders 0:"))
                .hasSize(1);
    }

    @Test
    void anErrorBehindASettlementChangesNothing(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = publishTo(redis, 5, c -> {
            c.ack();
            throw new IllegalStateException("behind the ack");
        });

        awaitFinished(orders, "ledger");
        assertThat(stats(orders, "ledger")).isEqualTo(NOTHING_LEFT);
        assertThat(attempts).containsExactly(1);
        assertThat(logs.at(Level.WARN, "handler failed after it had settled orders 0:"))
                .hasSize(1);
    }

    /** As from a thread that a handler has left behind. */
    @Test
    void aSettlementAfterTheHandlerHasReturnedHasNoEffectAndWhatTheContextTellsStays(EmbeddedRedis redis) {
        Queue<MessageContext<OrderEvent>> contexts = new ConcurrentLinkedQueue<>();
        Topic<OrderEvent> orders = publishTo(redis, 5, c -> {
            contexts.add(c);
            c.ack();
        });
        awaitFinished(orders, "ledger");
        MessageContext<OrderEvent> left = contexts.element();

        left.nack();
        left.deadLetter("too late");
        left.discard("too late");
        left.ack();

        assertThat(left.message()).isEqualTo(OrderEvent.number(1));
        assertThat(left.offset()).isEqualTo(1);
        assertThat(left.isLeaseLost()).isFalse();
        await().during(Duration.ofMillis(500))
                .until(() -> stats(orders, "ledger").equals(NOTHING_LEFT));
        assertThat(attempts).containsExactly(1);
        assertThat(logs.at(Level.WARN, "second settlement (")).hasSize(4);
    }

    private Topic<OrderEvent> publishTo(EmbeddedRedis redis, int maxRetries, MessageHandler<OrderEvent> handler) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("ledger")
                .ackMode(AckMode.MANUAL)
                .maxRetries(maxRetries)
                .backoff(Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
                .handler(c -> {
                    attempts.add(c.attempt());
                    handler.handle(c);
                }));
        orders.publish(OrderEvent.number(1));
        return orders;
    }

    private static DeadLetter awaitDeadLetter(Topic<OrderEvent> orders) {
        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        assertThat(stats(orders, "ledger").backlog()).isZero();
        return orders.admin().deadLetters("ledger", 1).get(0);
    }
}
