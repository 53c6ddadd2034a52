package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.PathIT.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.Unfinished;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits that hold against everybody: what is lost by them is counted, to the message. */
@ExtendWith(EmbeddedRedisExtension.class)
class DropIT {

    private static final Duration TRIMMED = Duration.ofSeconds(12);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Map<String, Long> told = new ConcurrentHashMap<>();

    @Test
    void countsExactlyWhatEachGroupLosesUnreadAndParked(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, builder -> builder.listener(this::add))
                .topic(TopicSpec.of("orders", OrderEvent.class)
                        .retention(Retention.of(null, 100).unfinished(Unfinished.DROP)));
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("done").handler(c -> {}));
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("away").handler(c -> {}))
                .close();
        Set<Long> parked = new ConcurrentSkipListSet<>();
        Subscription parking = orders.subscribe(SubscriptionSpec.<OrderEvent>group("parking")
                .backoff(Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0))
                .handler(c -> {
                    if (c.offset() <= 30) {
                        parked.add(c.offset());
                        c.nack();
                    }
                }));

        orders.publishBatch(IntStream.range(0, 500).mapToObj(OrderEvent::number).toList());
        await().until(() -> parked.size() == 30 || stats(orders, "parking").dropped() > 0);

        await().atMost(TRIMMED).until(() -> orders.admin().stats().messages() == 100);
        await().atMost(TRIMMED).untilAsserted(() -> {
            assertThat(stats(orders, "done")).isEqualTo(figures(0, 0, 0, 0, 0, 1));
            assertThat(stats(orders, "away").lag()).isEqualTo(100);
            assertThat(stats(orders, "away").dropped()).isEqualTo(400);
            assertThat(stats(orders, "parking").backlog()).isZero();
            assertThat(stats(orders, "parking").dropped()).isEqualTo(30);
        });
        await().untilAsserted(() ->
                assertThat(told).containsOnly(entry("away RETENTION", 400L), entry("parking RETENTION", 30L)));
        parking.close();
    }

    @Test
    void tellsWhatOnePartitionLosesThoughAnotherCannotBeTrimmed(EmbeddedRedis redis) {
        AtomicLong lost = new AtomicLong();
        Topic<OrderEvent> orders = pubSubs.open(
                        redis,
                        builder -> builder.listener(event -> {
                            if (event instanceof MessagesDropped dropped && dropped.partition() == 1) {
                                lost.addAndGet(dropped.count());
                            }
                        }))
                .topic(TopicSpec.of("orders", OrderEvent.class)
                        .partitions(2)
                        .retention(Retention.of(null, 100).unfinished(Unfinished.DROP)));
        orders.subscribe(group("away").handler(c -> {})).close();

        orders.publishBatch(events(500));
        pubSubs.raw(redis).del("oq:{orders:0}:m");
        pubSubs.raw(redis).set("oq:{orders:0}:m", "not a hash");

        await().atMost(TRIMMED).untilAsserted(() -> assertThat(lost).hasValue(200));
    }

    @Test
    void foretellsHowSoonAGroupLosesByAgeAndByCount(EmbeddedRedis redis) {
        Retention hour = Retention.of(Duration.ofHours(1), 100_000_000);
        Topic<OrderEvent> dropping = pubSubs.open(redis)
                .topic(TopicSpec.of("dropping", OrderEvent.class).retention(hour.unfinished(Unfinished.DROP)));
        Topic<OrderEvent> keeping = pubSubs.open(redis)
                .topic(TopicSpec.of("keeping", OrderEvent.class).retention(hour));
        Topic<OrderEvent> few = pubSubs.open(redis)
                .topic(TopicSpec.of("few", OrderEvent.class)
                        .retention(Retention.of(null, 1_000).unfinished(Unfinished.DROP)));
        long begun = System.nanoTime();
        for (Topic<OrderEvent> topic : List.of(dropping, keeping, few)) {
            topic.subscribe(group("away").handler(c -> {})).close();
            topic.publishBatch(events(100));
        }

        assertThat(stats(dropping, "away").timeToLoss())
                .get(InstanceOfAssertFactories.DURATION)
                .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
        assertThat(stats(keeping, "away").timeToLoss()).isEmpty();
        Duration byCount =
                stats(few, "away").timeToLoss().orElseThrow(); // 901 more at 100 in what has passed, at least 1 s
        assertThat(byCount)
                .isBetween(
                        Duration.ofMillis(9_010),
                        Duration.ofNanos(Math.max(1_000_000_000L, System.nanoTime() - begun))
                                .multipliedBy(10));

        dropping.subscribe(group("away").handler(c -> {}));
        awaitFinished(dropping, "away");
        assertThat(stats(dropping, "away").timeToLoss()).isEmpty();
    }

    @Test
    void keepsAsManyDeadLettersAsAskedForAndCountsTheOthers(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, builder -> builder.listener(this::add))
                .topic(TopicSpec.of("orders", OrderEvent.class)
                        .deadLetter(DeadLetterPolicy.afterRetries(0).retention(Retention.of(null, 5))));
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("ledger").handler(c -> c.deadLetter("no")));

        orders.publishBatch(IntStream.range(0, 20).mapToObj(OrderEvent::number).toList());

        await().atMost(TRIMMED)
                .untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 5, 15, 1)));
        assertThat(orders.admin().deadLetters("ledger", 10).get(0).offset()).isEqualTo(16);
        await().untilAsserted(() -> assertThat(told).containsOnly(entry("ledger DEAD_LETTER_RETENTION", 15L)));
    }

    private void add(PubSubEvent event) {
        if (event instanceof MessagesDropped dropped) {
            told.merge(dropped.group() + " " + dropped.reason(), dropped.count(), Long::sum);
        }
    }
}
