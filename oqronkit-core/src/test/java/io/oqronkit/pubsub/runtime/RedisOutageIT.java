package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis (append-only file, synced every second) dies or freezes under load and comes back. */
@ExtendWith(EmbeddedRedisExtension.class)
class RedisOutageIT {

    private static final Duration GOING_ON = Duration.ofSeconds(3);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Set<MessageId> handled = ConcurrentHashMap.newKeySet();

    @Test
    void afterAKillEverythingGoesOnByItselfAndNothingPublishedIsLost(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        Subscription subscription =
                orders.subscribe(group("billing").concurrency(4).handler(c -> handled.add(c.id())));
        Load load = Load.on(orders);

        for (int outage = 1; outage <= 2; outage++) {
            int times = outage;
            int sent = load.published().size();
            await().until(() -> load.published().size() > sent + 200 && handled.size() > sent + 200);
            redis.kill();
            await().until(() -> subscription.state() == SubscriptionState.STALLED);
            redis.restart();

            int published = load.published().size();
            int seen = handled.size();
            await().atMost(GOING_ON).until(() -> load.published().size() > published && handled.size() > seen);
            await().atMost(GOING_ON)
                    .untilAsserted(() -> assertThat(logs.at(Level.INFO, "Redis is reachable again after "))
                            .hasSize(times));
            assertThat(logs.at(Level.WARN, "Redis is not reachable, trying again until it is"))
                    .hasSize(times);
        }

        assertThat(logs.of("io.oqronkit"))
                .as("one line for each change of state and no other")
                .filteredOn(line -> !line.startsWith("INFO subscribed"))
                .hasSize(4);
        load.stop();
        awaitFinished(orders, "billing");
        assertThat(load.failures()).isEmpty();
        assertThat(handled).containsAll(load.published());
        assertThat(subscription.state()).isEqualTo(SubscriptionState.RUNNING);
        assertThat(orders.admin().deadLetters("billing", 10)).isEmpty();
    }

    /** A frozen server hangs up on nobody: it is two answers that do not come which tell (R#6). */
    @Test
    void afterAFreezeEverythingGoesOnByItselfAndNothingPublishedIsLost(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        Subscription subscription =
                orders.subscribe(group("billing").concurrency(4).handler(c -> handled.add(c.id())));
        Load load = Load.on(orders);
        await().until(() -> load.published().size() > 200);

        redis.pause();
        await().until(() -> subscription.state() == SubscriptionState.STALLED);
        await().during(Duration.ofSeconds(2)) // until every connection has noticed
                .until(() -> logs.at(Level.WARN, "Redis is not reachable").size() == 1);
        redis.resume();

        int published = load.published().size();
        int seen = handled.size();
        await().atMost(GOING_ON).until(() -> load.published().size() > published && handled.size() > seen);
        load.stop();
        awaitFinished(orders, "billing");
        assertThat(load.failures()).isEmpty();
        assertThat(handled).containsAll(load.published());
        assertThat(pubSubs.raw(redis).xlen("oq:{orders:0}:s"))
                .isEqualTo(load.published().size());
        await().untilAsserted(() -> assertThat(logs.at(Level.INFO, "Redis is reachable again after "))
                .hasSize(1));
        assertThat(logs.at(Level.WARN, "Redis is not reachable")).hasSize(1);
        assertThat(subscription.state()).isEqualTo(SubscriptionState.RUNNING);
    }
}
