package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages chosen by what stands beside the payload. */
@ExtendWith(EmbeddedRedisExtension.class)
class HeaderFilterIT {

    private static final Backoff SOON = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    /** Nothing of it is decoded, or it would be a dead letter. */
    @Test
    void whatTheHeadersRejectNeedNotBeDecodable(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Topic<String> texts = pubSubs.open(redis).topic("orders", String.class);
        orders.subscribe(group("ledger")
                .headerFilter((key, headers) -> "2".equals(headers.get("version")) && key != null)
                .handler(c -> handled.add(c.message().orderId())));

        texts.publish(OutgoingMessage.of("of the old form").key("k").header("version", "1"));
        texts.publish(OutgoingMessage.of("without a key").header("version", "2"));
        orders.publish(OutgoingMessage.of(OrderEvent.number(3)).key("k").header("version", "2"));

        await().untilAsserted(() -> assertThat(handled).containsExactly("ord_3"));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
    }

    @Test
    void whatTheHeadersLetPassTheFilterMayStillReject(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("ledger")
                .headerFilter((key, headers) -> headers.containsKey("version"))
                .filter(event -> event.amount() > 1)
                .handler(c -> handled.add(c.message().orderId())));

        orders.publish(OutgoingMessage.of(OrderEvent.number(1)).header("version", "2"));
        orders.publish(OutgoingMessage.of(OrderEvent.number(2)));
        orders.publish(OutgoingMessage.of(OrderEvent.number(3)).header("version", "2"));

        await().untilAsserted(() -> assertThat(handled).containsExactly("ord_3"));
        awaitFinished(orders, "ledger");
    }

    @Test
    void oneThatThrowsIsAFailedAttemptWithItsErrorAsTheCause(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        SubscriptionSpec<OrderEvent> spec = group("ledger")
                .maxRetries(1)
                .backoff(SOON)
                .headerFilter((key, headers) -> {
                    handled.add("filter");
                    throw new IllegalStateException("no table of versions");
                });
        orders.subscribe(spec.handler(c -> handled.add("handler")));

        orders.publish(OrderEvent.number(1));

        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        assertThat(handled).containsExactly("filter", "filter");
        assertThat(orders.admin().deadLetters("ledger", 1)).singleElement().satisfies(dead -> {
            assertThat(dead.cause()).isEqualTo("java.lang.IllegalStateException: no table of versions");
            assertThat(dead.attempts()).isEqualTo(2);
        });
    }
}
