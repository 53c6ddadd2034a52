package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TrafficListener;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a listener sees of the normal course. */
@ExtendWith(EmbeddedRedisExtension.class)
class TrafficIT {

    private static final Backoff SOON = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> published = new ConcurrentLinkedQueue<>();
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

    @Test
    void seesEachMessageBeforeItsPublisherKnows(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis);

        orders.publish(OrderEvent.number(1));
        assertThat(published).containsExactly("1 false");
        orders.publishBatch(List.of(OrderEvent.number(2), OrderEvent.number(3)));
        assertThat(published).hasSize(3);
        orders.publishAsync(OutgoingMessage.of(OrderEvent.number(4)).idempotencyKey("once"))
                .join();
        assertThat(published).hasSize(4);
        orders.publish(OutgoingMessage.of(OrderEvent.number(5)).idempotencyKey("once"));

        assertThat(published).containsExactly("1 false", "2 false", "3 false", "4 false", "4 true");
    }

    @Test
    void seesHowEachAttemptEnds(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis);
        orders.subscribe(group("ledger")
                .maxRetries(1)
                .backoff(SOON)
                .filter((event, key, headers) -> !"skipped".equals(key))
                .handler(TrafficIT::handle));

        for (String key : List.of("fine", "dropped", "skipped", "poor")) {
            orders.publish(OutgoingMessage.of(OrderEvent.number(1)).key(key));
        }

        await().untilAsserted(() -> assertThat(attempts)
                .extracting(a -> a.id().offset() + "/" + a.number() + " " + a.outcome() + " " + a.cause())
                .containsExactlyInAnyOrder(
                        "1/1 ACK ",
                        "2/1 DISCARDED ",
                        "3/1 FILTERED ",
                        "4/1 RETRY java.lang.IllegalStateException: poor",
                        "4/2 DEAD_LETTER java.lang.IllegalStateException: poor"));
        assertThat(attempts)
                .allSatisfy(a -> assertThat(a.topic() + "/" + a.group()).isEqualTo("orders/ledger"));
    }

    @Test
    void aHandlerThatTakesTooLongHasLostItsMessage(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis);
        orders.subscribe(group("ledger")
                .ackDeadline(Duration.ofSeconds(1))
                .maxProcessingTime(Duration.ofSeconds(1))
                .handler(context -> {
                    if (context.attempt() == 1) {
                        Thread.sleep(Duration.ofMinutes(1).toMillis()); // interrupted
                    }
                }));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() ->
                assertThat(attempts).extracting(Attempt::outcome).containsExactly(Outcome.LOST, Outcome.ACK));
    }

    @Test
    void aListenerThatFailsChangesNothing(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(
                        redis, b -> b.trafficListener(new Failing()).trafficListener(new Recorder()))
                .topic("orders", OrderEvent.class);
        orders.subscribe(group("ledger").handler(context -> {}));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(
                        () -> assertThat(attempts).extracting(Attempt::outcome).containsExactly(Outcome.ACK));
        assertThat(published).containsExactly("1 false");
    }

    private static void handle(MessageContext<OrderEvent> context) {
        switch (String.valueOf(context.key())) {
            case "dropped" -> context.discard("not needed");
            case "poor" -> throw new IllegalStateException("poor");
            default -> {}
        }
    }

    private Topic<OrderEvent> open(EmbeddedRedis redis) {
        return pubSubs.open(redis, b -> b.trafficListener(new Recorder())).topic("orders", OrderEvent.class);
    }

    private final class Recorder implements TrafficListener {
        @Override
        public void onPublished(OutgoingMessage<?> message, PublishReceipt receipt) {
            published.add(receipt.offset() + " " + receipt.duplicate());
        }

        @Override
        public void onAttempt(Attempt attempt) {
            attempts.add(attempt);
        }
    }

    private static final class Failing implements TrafficListener {
        @Override
        public void onPublished(OutgoingMessage<?> message, PublishReceipt receipt) {
            throw new IllegalStateException("a listener's defect");
        }

        @Override
        public void onAttempt(Attempt attempt) {
            throw new AssertionError("a listener's defect");
        }
    }
}
