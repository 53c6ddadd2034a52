package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis (append-only file, synced every second) dies or freezes under load and comes back. */
@ExtendWith(EmbeddedRedisExtension.class)
class RedisOutageIT {

    private static final Duration GOING_ON = Duration.ofSeconds(3);
    private static final String EIGHT_KILOBYTES = "x".repeat(8_192);

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

    /** A server that hangs up on nobody and answers nobody must not be flooded with connections either. */
    @Test
    void aFreezeOfFiveSecondsCausesNoStormOfConnections(EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> handled.add(c.id())));
        MessageId first = orders.publish(OrderEvent.number(1)).id();
        await().until(() -> handled.contains(first));
        long before = connectionsEverMade(raw);

        redis.pause();
        CompletableFuture<PublishReceipt> meanwhile = orders.publishAsync(OrderEvent.number(2));
        await().during(Duration.ofSeconds(5)).until(() -> handled.size() == 1);
        redis.resume();

        await().atMost(Duration.ofSeconds(2)).until(() -> handled.size() == 2);
        await().until(meanwhile::isDone);
        assertThat(meanwhile).isCompletedWithValueMatching(receipt -> handled.contains(receipt.id()));
        assertThat(connectionsEverMade(raw) - before).isLessThanOrEqualTo(2 * 5);
    }

    /** R#40: publishers are told so, memory stays, and whatever is stored after all is handled. */
    @Test
    void anOutageUnderTwoThousandPublishesASecondCostsNoMemory(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofMillis(500)))
                .topic("orders", OrderEvent.class);
        Set<String> numbers = ConcurrentHashMap.newKeySet();
        orders.subscribe(group("billing")
                .concurrency(4)
                .handler(c -> numbers.add(c.message().orderId())));
        Set<String> stored = ConcurrentHashMap.newKeySet();
        Set<String> notStored = ConcurrentHashMap.newKeySet();
        Map<String, Throwable> otherFailures = new ConcurrentHashMap<>();
        publishForAWhile(orders, 2_000, stored, notStored, otherFailures); // everything is loaded and warm
        await().until(() -> numbers.size() == 2_000);
        long usedBefore = usedMemory();

        redis.kill();
        publishForAWhile(orders, 10_000, stored, notStored, otherFailures);
        long usedMeanwhile = usedMemory();
        redis.restart();
        await().until(() -> stored.size() + notStored.size() + otherFailures.size() == 12_000);
        await().until(() -> logs.at(Level.INFO, "Redis is reachable again").size() == 1);
        orders.publish(OrderEvent.number(0));
        awaitFinished(orders, "billing");

        assertThat(usedMeanwhile - usedBefore).isLessThan(40_000_000);
        assertThat(notStored).hasSizeGreaterThan(2_000);
        assertThat(numbers).containsAll(stored).doesNotContainAnyElementsOf(notStored);
        assertThat(otherFailures.values()).allMatch(PublishOutcomeUnknownException.class::isInstance);
    }

    private static void publishForAWhile(
            Topic<OrderEvent> orders,
            int count,
            Set<String> stored,
            Set<String> notStored,
            Map<String, Throwable> otherFailures) {
        long begun = System.nanoTime();
        for (int i = 0; i < count; i++) {
            OrderEvent event = new OrderEvent(EIGHT_KILOBYTES, count + "-" + i, i);
            orders.publishAsync(event).whenComplete((receipt, failure) -> {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                if (cause == null) {
                    stored.add(event.orderId());
                } else if (cause instanceof PublishFailedException) {
                    notStored.add(event.orderId());
                } else {
                    otherFailures.put(event.orderId(), cause);
                }
            });
            while (System.nanoTime() - begun < i * 500_000L) {
                LockSupport.parkNanos(100_000);
            }
        }
    }

    private static long usedMemory() {
        System.gc();
        Runtime jvm = Runtime.getRuntime();
        return jvm.totalMemory() - jvm.freeMemory();
    }

    private static long connectionsEverMade(RedisCommands<String, String> raw) {
        return raw.info("stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
                .findFirst()
                .orElseThrow();
    }
}
