package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeliveryState.Status;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(EmbeddedRedisExtension.class)
class OperationsIT {

    private static final Backoff IN_AN_HOUR = Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void pausesAGroupInEveryProcessAndLosesNothingMeanwhile(EmbeddedRedis redis) {
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        SubscriptionSpec<OrderEvent> spec =
                SubscriptionSpec.<OrderEvent>group("billing").handler(c -> handled.add(c.offset()));
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Subscription one = orders.subscribe(spec);
        Subscription two =
                pubSubs.open(redis).topic("order-events", OrderEvent.class).subscribe(spec);

        orders.admin().pause("billing");
        await().atMost(Duration.ofMillis(2500)).untilAsserted(() -> {
            assertThat(one.state()).isEqualTo(SubscriptionState.PAUSED);
            assertThat(two.state()).isEqualTo(SubscriptionState.PAUSED);
        });
        pubSubs.open(redis).topic("order-events", OrderEvent.class).subscribe(spec);
        orders.publishBatch(IntStream.range(0, 100).mapToObj(OrderEvent::number).toList());
        assertThat(PathIT.stats(orders, "billing").paused()).isTrue();
        await().during(Duration.ofMillis(1500)).atMost(Duration.ofSeconds(3)).until(handled::isEmpty);
        assertThat(PathIT.stats(orders, "billing").backlog()).isEqualTo(100);

        orders.admin().resume("billing");
        await().atMost(Duration.ofSeconds(3)).until(() -> handled.size() == 100);
        assertThat(PathIT.stats(orders, "billing").paused()).isFalse();
        assertThat(handled.stream().distinct()).hasSize(100);
    }

    @Test
    void tellsWhatHasBecomeOfAMessage(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        CountDownLatch release = new CountDownLatch(1);
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("done").handler(c -> {}));
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("pending").handler(c -> release.await()));
        orders.subscribe(
                SubscriptionSpec.<OrderEvent>group("parked").backoff(IN_AN_HOUR).handler(c -> c.nack()));
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("dead").handler(c -> c.deadLetter("no")));
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("paused").handler(c -> {}))
                .pause();
        MessageId id = orders.publish(OrderEvent.number(1)).id();

        await().untilAsserted(() -> {
            var states = orders.admin().delivery(id);
            assertThat(states.get("done").status()).isEqualTo(Status.DONE);
            assertThat(states.get("pending").status()).isEqualTo(Status.PENDING);
            assertThat(states.get("pending").consumer()).isNotBlank();
            assertThat(states.get("parked").status()).isEqualTo(Status.PARKED);
            assertThat(states.get("parked").since()).isAfter(Instant.now().plusSeconds(3000));
            assertThat(states.get("dead").status()).isEqualTo(Status.DEAD);
            assertThat(states.get("dead").attempts()).isEqualTo(1);
        });
        release.countDown();
        assertThat(orders.admin().delivery(new MessageId(0, id.publishedAt().plusSeconds(1), 2)))
                .allSatisfy((group, state) -> assertThat(state.status()).isEqualTo(Status.NOT_DELIVERED));
    }

    @Test
    void deletesAGroupAndDoesNotMakeItAgainUntilSomebodySubscribes(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Subscription running =
                orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing").handler(c -> {}));
        orders.publish(OrderEvent.number(1));

        orders.admin().deleteGroup("billing");

        await().until(() -> running.state() == SubscriptionState.STALLED);
        assertThat(running.stalledBecause()).get().asString().contains("deleted");
        assertThat(orders.admin().stats().groups()).isEmpty();
        assertThatThrownBy(() -> orders.admin().deleteGroup("billing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("billing");
        running.close();
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing")
                .startFrom(Position.earliest())
                .handler(c -> handled.add(c.offset())));
        await().untilAsserted(() -> assertThat(handled).containsExactly(1L));
    }

    @Test
    void purgesMessagesWithAllThatGroupsHoldOfThem(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("order-events", OrderEvent.class);
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing")
                .backoff(IN_AN_HOUR)
                .handler(c -> {
                    if (c.offset() <= 10) {
                        c.nack();
                    } else {
                        handled.add(c.offset());
                    }
                }));
        orders.publishBatch(IntStream.range(0, 10).mapToObj(OrderEvent::number).toList());
        await().until(() -> PathIT.stats(orders, "billing").parked() == 10);

        assertThat(orders.admin().purge()).isEqualTo(10);

        assertThat(orders.admin().stats().messages()).isZero();
        assertThat(PathIT.stats(orders, "billing").backlog()).isZero();
        orders.publish(OrderEvent.number(11));
        await().untilAsserted(() -> assertThat(handled).containsExactly(11L));
    }
}
