package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(EmbeddedRedisExtension.class)
class TimeToLiveIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void settlesExpiredMessagesWithoutHandlingThemAndShowsNoHeaderOfItsOwn(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        OutgoingMessage<OrderEvent> first =
                OutgoingMessage.of(OrderEvent.number(1)).header("source", "checkout");
        orders.publish(first.timeToLive(Duration.ofMillis(1)));
        orders.publish(first.timeToLive(Duration.ofHours(1)));
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        Queue<Map<String, String>> headers = new ConcurrentLinkedQueue<>();
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing")
                .startFrom(Position.earliest())
                .handler(c -> {
                    handled.add(c.offset());
                    headers.add(c.headers());
                }));

        await().until(() -> PathIT.stats(orders, "billing").backlog() == 0 && !handled.isEmpty());
        assertThat(handled).containsExactly(2L);
        assertThat(headers).containsExactly(Map.of("source", "checkout"));
        assertThat(PathIT.stats(orders, "billing").deadLetters()).isZero();
    }
}
