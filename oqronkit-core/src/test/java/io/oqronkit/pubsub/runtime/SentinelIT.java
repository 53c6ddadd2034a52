package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.Durability;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A master with two replicas and three Sentinels; the master dies or freezes under load. */
class SentinelIT {

    private static final Duration LONGEST_GAP = Duration.ofSeconds(6);
    private static final Duration FAILOVER = Duration.ofSeconds(20);
    private static final Duration FROZEN = Duration.ofSeconds(15);
    private static final Duration NEAR = Duration.ofSeconds(3);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private record Handled(String group, MessageId id, long atNanos) {}

    private final Queue<Handled> handled = new ConcurrentLinkedQueue<>();

    @Test
    void afterAKillOfTheMasterEverythingGoesOnWithinSixSecondsAndNothingIsLost() {
        try (EmbeddedSentinel redis = EmbeddedSentinel.builder().replicas(2).start()) {
            Topic<OrderEvent> orders = open(redis, GuideUsers.app(redis));
            Load load = underLoad(orders);
            long harmed = System.nanoTime();

            redis.master().kill();

            awaitProgress(load, FAILOVER);
            assertNothingLost(redis, orders, load, harmed);
        }
    }

    /** As a virtual machine that stands still: connections stay open. */
    @Test
    void afterAFreezeOfTheMasterEverythingGoesOnWithinSixSecondsAndNothingIsLost() {
        try (EmbeddedSentinel redis = EmbeddedSentinel.builder().replicas(2).start()) {
            Topic<OrderEvent> orders = open(redis, GuideUsers.app(redis).replace("#", "?timeout=1s#"));
            Load load = underLoad(orders);
            EmbeddedRedis deposed = redis.master();
            long harmed = System.nanoTime();

            deposed.pause();

            awaitProgress(load, FAILOVER);
            await().atMost(FROZEN).until(() -> System.nanoTime() - harmed > FROZEN.toNanos());
            deposed.resume();
            awaitProgress(load, FAILOVER);
            assertNothingLost(redis, orders, load, harmed);
        }
    }

    private Topic<OrderEvent> open(EmbeddedSentinel redis, String uri) {
        PubSub pubSub = pubSubs.open(pubSubs.client(uri), builder -> builder.durability(Durability.replicas(1))
                .publishTimeout(Duration.ofSeconds(30)));
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").concurrency(4).handler(this::note));
        orders.subscribe(group("ledger").mode(ConsumerMode.EXCLUSIVE).handler(this::note));
        return orders;
    }

    private void note(MessageContext<OrderEvent> context) {
        handled.add(new Handled(context.group(), context.id(), System.nanoTime()));
    }

    private Load underLoad(Topic<OrderEvent> orders) {
        Load load = Load.on(orders);
        awaitProgress(load, FAILOVER);
        return load;
    }

    private void awaitProgress(Load load, Duration atMost) {
        int published = load.published().size();
        int seen = handled.size();
        await().atMost(atMost).until(() -> load.published().size() > published + 100 && handled.size() > seen + 200);
    }

    private void assertNothingLost(EmbeddedSentinel redis, Topic<OrderEvent> orders, Load load, long harmed) {
        load.stop();
        awaitFinished(orders, "billing");
        awaitFinished(orders, "ledger");
        System.out.printf(
                "longest gap between publishes: %d ms, of %d%n",
                load.longestGap().toMillis(), load.published().size());
        assertThat(load.failures()).isEmpty();
        assertThat(load.longestGap()).isLessThan(LONGEST_GAP);
        assertThat(pubSubs.raw(redis.master()).xlen("oq:{orders:0}:s"))
                .isEqualTo(load.published().size());
        assertThat(idsOf("billing")).containsAll(load.published());
        assertThat(idsOf("ledger")).containsAll(load.published());
        assertThat(handled.stream()
                        .filter(h -> h.group().equals("ledger"))
                        .map(h -> h.id().offset())
                        .distinct())
                .isSorted();
        assertOnlyRepeatedNear(harmed);
        await().atMost(FAILOVER)
                .until(() -> logs.at(Level.INFO, "Redis is reachable again").size() == 1);
        assertThat(logs.at(Level.WARN, "Redis is not reachable")).hasSize(1);
    }

    private List<MessageId> idsOf(String group) {
        return handled.stream()
                .filter(h -> h.group().equals(group))
                .map(Handled::id)
                .toList();
    }

    /** Acknowledgements are not waited for: what was acknowledged just before may come again. */
    private void assertOnlyRepeatedNear(long harmed) {
        assertThat(handled.stream()
                        .collect(groupingBy(h -> h.group() + " " + h.id()))
                        .values())
                .allSatisfy(times -> assertThat(times.size() == 1
                                || Math.abs(times.get(0).atNanos() - harmed)
                                        < LONGEST_GAP.plus(NEAR).toNanos())
                        .as("%s", times)
                        .isTrue());
    }
}
