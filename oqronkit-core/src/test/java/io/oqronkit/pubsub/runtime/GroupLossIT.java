package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody removes things in Redis while they are in use: it is repaired, and nothing published since is lost. */
@ExtendWith(EmbeddedRedisExtension.class)
class GroupLossIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Set<MessageId> handled = ConcurrentHashMap.newKeySet();
    private RedisCommands<String, String> raw;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        raw = pubSubs.raw(redis);
    }

    @Test
    void aGroupDestroyedUnderLoadIsMadeAgainAndMissesNothing(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, 1);
        Load load = Load.on(orders);
        await().until(() -> handled.size() > 100);

        for (int i = 0; i < 3; i++) {
            raw.xgroupDestroy("oq:{orders:0}:s", "billing");
            await().until(() -> stats(orders, "billing") != null);
        }

        int seen = load.published().size();
        await().until(() -> load.published().size() > seen + 100);
        load.stop();
        awaitFinished(orders, "billing");
        assertThat(handled).containsAll(load.published());
    }

    @Test
    void aGroupDestroyedOnOneOfSeveralPartitionsIsMadeAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, 3);
        orders.publishBatch(events(30));
        awaitFinished(orders, "billing");

        raw.xgroupDestroy("oq:{orders:1}:s", "billing");
        raw.xgroupDestroy("oq:{orders:2}:r:billing", "billing");
        var published = orders.publishBatch(events(30));

        await().untilAsserted(() -> assertThat(handled)
                .containsAll(published.stream().map(r -> r.id()).toList()));
    }

    /** R#12: everything is gone, the group too; what is published from then on is not. */
    @Test
    void afterAFlushUnderLoadEverythingPublishedSinceIsHandled(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, 1);
        Load load = Load.on(orders);
        await().until(() -> handled.size() > 100);

        raw.flushall();
        Set<MessageId> since = load.countAnew();
        await().until(() -> since.size() > 500);
        load.stop();
        awaitFinished(orders, "billing");

        assertThat(handled).containsAll(since);
        assertThat(load.failures()).isEmpty();
    }

    /** R#32: EVALSHA falls back to EVAL. */
    @Test
    void scriptsFlushedUnderLoadAreLoadedAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, 1);
        Load load = Load.on(orders);

        for (int flushes = 0; flushes < 20; flushes++) {
            int seen = handled.size();
            raw.scriptFlush();
            await().pollInterval(Duration.ofMillis(10)).until(() -> handled.size() > seen + 20);
        }

        load.stop();
        awaitFinished(orders, "billing");
        assertThat(load.failures()).isEmpty();
        assertThat(handled).isEqualTo(load.published());
    }

    /** R#11, R#15: with the stream its groups are gone, too. */
    @Test
    void aDeletedStreamBeginsAnewWithoutReusingOffsets(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, 1);
        orders.publishBatch(events(10));
        awaitFinished(orders, "billing");

        raw.del("oq:{orders:0}:s");
        long next = orders.publish(OrderEvent.number(11)).offset();

        assertThat(next).isEqualTo(11);
        await().untilAsserted(() ->
                assertThat(handled.stream().map(MessageId::offset)).contains(11L));
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
    }

    /** R#11: whatever is deleted, no offset comes twice and what is published then is handled. */
    @Test
    void anyKeyOfAPartitionMayBeDeleted(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis, 1);
        AtomicInteger sent = new AtomicInteger();
        for (String key : List.of("s", "m", "p", "i", "ix", "k:billing", "r:billing", "d:billing")) {
            publishOneWithAKey(orders, sent);
            awaitFinished(orders, "billing");

            raw.del("oq:{orders:0}:" + key);

            MessageId next = publishOneWithAKey(orders, sent);
            assertThat(next.offset()).as(key).isEqualTo(sent.get());
            await(key).until(() -> handled.contains(next));
        }
        awaitFinished(orders, "billing");
    }

    private static MessageId publishOneWithAKey(Topic<OrderEvent> orders, AtomicInteger sent) {
        int number = sent.incrementAndGet();
        return orders.publish(OutgoingMessage.of(OrderEvent.number(number)).idempotencyKey("order-" + number))
                .id();
    }

    /** R section 4.3: what is parked without a time is due. */
    @Test
    void aLostScheduleOfRetriesIsRepaired(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing")
                .backoff(Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0))
                .handler(c -> {
                    if (c.attempt() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    handled.add(c.id());
                }));
        orders.publishBatch(events(5));
        await().until(() -> stats(orders, "billing").parked() == 5);

        raw.del("oq:{orders:0}:k:billing");

        await().untilAsserted(() -> assertThat(handled).hasSize(5));
        awaitFinished(orders, "billing");
    }

    /** R#25: a server of version 6.2 keeps a ghost in the list of pending entries. */
    @Test
    void messagesTrimmedAwayByHandWhilePendingAreClearedUp(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing")
                .backoff(Backoff.of(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0))
                .handler(c -> {
                    throw new IllegalStateException("not yet");
                }));
        orders.publishBatch(events(5));
        await().until(() -> stats(orders, "billing").parked() == 5);

        raw.xtrim("oq:{orders:0}:s", 0);

        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
        assertThat(orders.admin().deadLetters("billing", 10)).isEmpty();
    }

    private Topic<OrderEvent> subscribed(EmbeddedRedis redis, int partitions) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(partitions));
        orders.subscribe(group("billing").concurrency(2).handler(c -> handled.add(c.id())));
        return orders;
    }
}
