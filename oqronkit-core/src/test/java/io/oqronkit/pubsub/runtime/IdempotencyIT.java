package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(EmbeddedRedisExtension.class)
class IdempotencyIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void storesOneMessageForOneIdempotencyKeyHoweverManyPublishIt(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("order-events", OrderEvent.class).partitions(3));
        ConcurrentLinkedQueue<PublishReceipt> receipts = new ConcurrentLinkedQueue<>();
        CyclicBarrier together = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 8; i++) {
            threads.submit(() -> {
                together.await();
                return receipts.add(orders.publish(keyed(1, "order-created:ord_1")));
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        assertThat(receipts).hasSize(8);
        assertThat(receipts.stream().map(PublishReceipt::id).distinct()).hasSize(1);
        assertThat(receipts.stream().filter(receipt -> !receipt.duplicate())).hasSize(1);
        assertThat(orders.admin().stats().messages()).isEqualTo(1);
    }

    @Test
    void keepsOffsetsDenseAroundDuplicatesInABatch(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        orders.publish(keyed(1, "a"));

        List<PublishReceipt> receipts = orders.publishMessages(List.of(
                OutgoingMessage.of(OrderEvent.number(2)),
                keyed(1, "a"),
                keyed(3, "b"),
                keyed(3, "b"),
                OutgoingMessage.of(OrderEvent.number(4))));

        assertThat(receipts.stream().map(PublishReceipt::offset)).containsExactly(2L, 1L, 3L, 3L, 4L);
        assertThat(receipts.stream().map(PublishReceipt::duplicate)).containsExactly(false, true, false, true, false);
        assertThat(orders.admin().stats().messages()).isEqualTo(4);
    }

    @Test
    void forgetsAnIdempotencyKeyAfterItsWindow(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("order-events", OrderEvent.class).idempotencyWindow(Duration.ofSeconds(1)));
        orders.publish(keyed(1, "a"));

        await().atMost(Duration.ofSeconds(5))
                .until(() -> !orders.publish(keyed(1, "a")).duplicate());
    }

    private static OutgoingMessage<OrderEvent> keyed(int number, String key) {
        return OutgoingMessage.of(OrderEvent.number(number)).idempotencyKey(key);
    }
}
