package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A topic gets more partitions while it is used. */
@ExtendWith(EmbeddedRedisExtension.class)
class MorePartitionsIT {

    private static final TopicSpec<OrderEvent> TWO =
            TopicSpec.of("orders", OrderEvent.class).partitions(2);
    private static final TopicSpec<OrderEvent> FIVE = TWO.partitions(5);
    private static final Duration FOLLOWED = Duration.ofSeconds(12);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<MessageId> handled = new ConcurrentLinkedQueue<>();

    @Test
    void processesThatRunFollowAndNoGroupMissesAnything(EmbeddedRedis redis) {
        PubSub old = pubSubs.open(redis);
        Topic<OrderEvent> orders = old.topic(TWO);
        Map<String, Queue<MessageId>> handledBy = new ConcurrentHashMap<>();
        for (ConsumerMode mode : ConsumerMode.values()) {
            Queue<MessageId> ids = new ConcurrentLinkedQueue<>();
            handledBy.put(mode.name(), ids);
            orders.subscribe(group(mode.name()).mode(mode).handler(c -> ids.add(c.id())));
        }
        orders.publishBatch(events(10));

        Topic<OrderEvent> more = pubSubs.open(redis).topic(FIVE);
        more.publishBatch(events(50));

        await().atMost(FOLLOWED).untilAsserted(() -> assertThat(handledBy).allSatisfy((group, ids) -> assertThat(ids)
                .hasSize(60)
                .doesNotHaveDuplicates()
                .extracting(MessageId::partition)
                .contains(0, 1, 2, 3, 4)));
        assertThat(orders.partitions()).isEqualTo(5);
        orders.publishBatch(events(50));
        handledBy.keySet().forEach(group -> awaitFinished(orders, group));
        assertThat(handledBy).allSatisfy((group, ids) -> assertThat(ids).hasSize(110));
        assertThat(orders.admin().stats().messages()).isEqualTo(110);
        assertThat(old.topic(TWO).partitions()).as("as it is configured there").isEqualTo(5);
    }

    /** What was published while none of its processes ran is kept for it, and a pause holds for new partitions too. */
    @Test
    void aGroupThatIsAwayHasItsPlaceFromTheBeginning(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(TWO);
        orders.subscribe(group("away").handler(c -> handled.add(c.id()))).close();
        orders.subscribe(group("paused").handler(c -> handled.add(c.id()))).close();
        orders.admin().pause("paused");

        Topic<OrderEvent> more = pubSubs.open(redis).topic(FIVE);
        more.publishBatch(events(50));

        assertThat(stats(more, "away").lag()).isEqualTo(50);
        assertThat(stats(more, "away").consumers()).isZero();
        more.subscribe(group("away").handler(c -> handled.add(c.id())));
        Subscription paused = more.subscribe(group("paused").handler(c -> handled.add(c.id())));
        awaitFinished(more, "away");
        assertThat(handled).hasSize(50);
        await().during(Duration.ofSeconds(1)).until(() -> handled.size() == 50);
        assertThat(stats(more, "paused").backlog()).isEqualTo(50);
        paused.close();
    }

    /** Whoever lost the note finds the topic as large as its largest process knows it. */
    @Test
    void theNoteOfATopicComesBackWithItsHighestNumber(EmbeddedRedis redis) {
        pubSubs.open(redis).topic(FIVE);
        var raw = pubSubs.raw(redis);
        raw.hset("oq:topics", "orders", "2:1");

        await().atMost(FOLLOWED).until(() -> raw.hget("oq:topics", "orders").equals("5:1"));
    }
}
