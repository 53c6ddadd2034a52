package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.TopicStats;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures are exact at every step of a message's life. In brackets: lag, pending, parked, dead letters, dropped, consumers. */
@ExtendWith(EmbeddedRedisExtension.class)
class StatsIT {

    private static final Backoff AN_HOUR = Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void followAMessageThroughItsLife(int partitions, EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(partitions));
        CountDownLatch end = new CountDownLatch(1);
        orders.subscribe(group("billing").handler(c -> {})).close();
        assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 0));

        orders.publishBatch(events(6));
        assertThat(stats(orders, "billing")).isEqualTo(figures(6, 0, 0, 0, 0, 0));

        var first = orders.subscribe(
                group("billing").concurrency(6).backoff(AN_HOUR).maxRetries(1).handler(c -> {
                    end.await();
                    if (c.message().amount() <= 2) {
                        throw new IllegalStateException("not now");
                    }
                }));
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 6, 0, 0, 0, 1)));
        assertThat(stats(orders, "billing").backlog()).isEqualTo(6);

        end.countDown();
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 2, 0, 0, 1)));
        assertThat(stats(orders, "billing").backlog()).isEqualTo(2);

        first.close();
        orders.publishBatch(events(9));
        assertThat(stats(orders, "billing")).isEqualTo(figures(9, 0, 2, 0, 0, 0));
        assertThat(orders.admin().stats().messages()).isEqualTo(15);

        orders.replay("billing", Position.earliest());
        assertThat(stats(orders, "billing")).isEqualTo(figures(15, 0, 0, 0, 0, 0));

        orders.replay("billing", Position.latest());
        assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 0));
    }

    @Test
    void countDeadLettersAndRedrivenMessages(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        var failing = orders.subscribe(group("billing").maxRetries(0).handler(c -> {
            throw new IllegalStateException("never");
        }));
        orders.publishBatch(events(3));
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 3, 0, 1)));
        failing.close();

        orders.admin().redriveAll("billing");
        assertThat(stats(orders, "billing")).isEqualTo(figures(3, 0, 0, 0, 0, 0));

        CountDownLatch end = new CountDownLatch(1);
        orders.subscribe(group("billing").concurrency(3).handler(c -> end.await()));
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 3, 0, 0, 0, 1)));

        end.countDown();
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
        assertThat(orders.admin().stats().messages()).isEqualTo(3);
    }

    @Test
    void nameEveryGroupOfTheTopicAndNoOther(EmbeddedRedis redis) {
        var pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        Topic<OrderEvent> returns = pubSub.topic("returns", OrderEvent.class);
        assertThat(orders.admin().stats())
                .isEqualTo(new TopicStats("orders", 0, 0, 1, java.util.Map.of(), java.util.Map.of()));
        orders.subscribe(group("billing").handler(c -> {})).close();
        orders.subscribe(group("analytics").handler(c -> {})).close();
        returns.subscribe(group("billing").handler(c -> {})).close();
        orders.publishBatch(events(4));

        assertThat(orders.admin().stats().groups().keySet()).containsExactlyInAnyOrder("billing", "analytics");
        assertThat(stats(orders, "billing").lag()).isEqualTo(4);
        assertThat(stats(returns, "billing").lag()).isZero();
    }

    @Test
    void askForAGroupThatIsThere(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        var admin = orders.admin();
        orders.subscribe(group("billing").handler(c -> {})).close();
        String unknown = "topic 'orders' has no group 'biling'; its groups are [billing]";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.replay("biling", Position.earliest()))
                .withMessage(unknown);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> admin.deadLetters("biling", 10))
                .withMessage(unknown);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> admin.redriveAll("biling"))
                .withMessage(unknown);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> admin.deadLetters("billing", 0))
                .withMessage("limit must be between 1 and 10000 but was 0");
    }
}
