package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * When delayed messages enter the log, whatever happens meanwhile. All times are Redis's: an entry's id says when it
 * entered, its receipt when it was due.
 */
@ExtendWith(EmbeddedRedisExtension.class)
class DelayIT {

    private static final Duration MOST_LATE = Duration.ofSeconds(1);
    private static final Duration START_OF_A_JVM = Duration.ofSeconds(30);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @TempDir
    Path folder;

    private RedisCommands<String, String> raw;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        raw = pubSubs.raw(redis);
    }

    @AfterEach
    void makeRoom() {
        raw.configSet("maxmemory", "0");
    }

    @Test
    void messagesAreNeverEarlyAndAtMostASecondLate(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(3));
        Map<Integer, Instant> entered = new ConcurrentHashMap<>();
        orders.subscribe(group("billing")
                .concurrency(4)
                .handler(c -> entered.put((int) c.message().amount(), c.publishedAt())));
        Random random = new Random(7);

        Map<Integer, CompletableFuture<PublishReceipt>> receipts = IntStream.range(0, 3_000)
                .boxed()
                .collect(Collectors.toMap(
                        number -> number, number -> orders.publishAsync(delayed(number, 1 + random.nextInt(3_000)))));

        await().atMost(Duration.ofSeconds(20)).until(() -> entered.size() == 3_000);
        receipts.forEach((number, receipt) -> assertThat(entered.get(number))
                .isBetween(due(receipt.join()), due(receipt.join()).plus(MOST_LATE)));
        assertThat(orders.admin().stats().scheduled()).isZero();
        assertOffsetsAreDense(3);
    }

    /** Looking once a second would do for the promise, but makes messages late by half a second on average. */
    @Test
    void theProcessThatSchedulesAMessageLooksWhenItIsDue(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Duration late = Duration.ZERO;
        for (int number = 1; number <= 10; number++) {
            int count = number;
            PublishReceipt receipt = orders.publish(delayed(number, 20));
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> orders.admin().stats().messages() == count);
            late = late.plus(Duration.between(due(receipt), enteredAt(Integer.toString(number))));
        }

        assertThat(late.dividedBy(10)).isLessThan(Duration.ofMillis(200));
    }

    /** More than one call moves, and more than one batch has scheduled. */
    @Test
    void ofMessagesDueAtOnceTheOneScheduledFirstGoesFirst(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Instant due = now().plusMillis(1_500);
        for (int from = 0; from < 1_200; from += 300) {
            orders.publishMessages(IntStream.range(from, from + 300)
                    .mapToObj(number ->
                            OutgoingMessage.of(OrderEvent.number(number)).deliverAt(due))
                    .toList());
        }
        orders.publish(OutgoingMessage.of(OrderEvent.number(-1)).deliverAt(due.minusMillis(1)));

        List<Integer> handled = new java.util.concurrent.CopyOnWriteArrayList<>();
        orders.subscribe(group("billing")
                .startFrom(Position.earliest())
                .handler(c -> handled.add((int) c.message().amount())));
        await().until(() -> handled.size() == 1_201);
        assertThat(handled)
                .containsExactlyElementsOf(IntStream.range(-1, 1_200).boxed().toList());
        assertOffsetsAreDense(1);
    }

    /** Another process that only has the topic open moves them, and so does one that comes when nobody was there. */
    @Test
    void messagesSurviveTheEndOfTheProcessThatPublishedThem(EmbeddedRedis redis) {
        var first = pubSubs.open(redis);
        var orders = first.topic("orders", OrderEvent.class);
        PublishReceipt overdue = orders.publish(delayed(1, 1));
        PublishReceipt soon = orders.publish(delayed(2, 1_500));
        first.close();

        pubSubs.open(redis).topic("orders", OrderEvent.class);

        await().until(() -> raw.xlen("oq:{orders:0}:s") == 2);
        assertThat(enteredAt("1")).isAfterOrEqualTo(due(overdue));
        assertThat(enteredAt("2")).isBetween(due(soon), due(soon).plus(MOST_LATE));
    }

    @Test
    void messagesSurviveAKilledPublisherAndComeInTime(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        try (PublisherProcess crashing = PublisherProcess.start(redis, folder.resolve("ledger"))) {
            await().atMost(START_OF_A_JVM).until(() -> crashing.published().size() >= 50);

            crashing.kill();

            Map<String, Instant> published = crashing.published();
            await().until(() -> orders.admin().stats().scheduled() == 0);
            published.forEach((number, due) -> assertThat(enteredAt(number)).isBetween(due, due.plus(MOST_LATE)));
        }
        assertOffsetsAreDense(1);
    }

    @Test
    void messagesSurviveAKilledRedis(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        PublishReceipt receipt = orders.publish(delayed(1, 500));
        orders.publish(delayed(2, 3_600_000));

        redis.kill();
        redis.restart();

        await().until(() -> orders.admin().stats().messages() == 1);
        assertThat(orders.admin().stats().scheduled()).isEqualTo(1);
        raw = pubSubs.raw(redis);
        assertThat(enteredAt("1")).isAfterOrEqualTo(due(receipt));
    }

    @Test
    void messagesWaitWhileMemoryIsFull(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publish(delayed(1, 300));
        raw.configSet("maxmemory", "1");
        await().during(Duration.ofSeconds(1)).until(() -> orders.admin().stats().scheduled() == 1);

        raw.configSet("maxmemory", "0");

        await().until(() -> orders.admin().stats().messages() == 1);
    }

    /** R#11: bodies know their times. */
    @Test
    void aScheduleThatIsLostIsMadeAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        PublishReceipt receipt = orders.publish(delayed(1, 1_000));

        raw.del("oq:{orders:0}:z", "oq:{orders:0}:m");

        PublishReceipt next = orders.publish(delayed(2, 1_000));
        assertThat(next.id().offset()).isLessThan(receipt.id().offset());
        await().until(() -> orders.admin().stats().messages() == 2);
        assertThat(enteredAt("1")).isBetween(due(receipt), due(receipt).plus(MOST_LATE));
    }

    @Test
    void delayedPublishingGoesOnAfterEverythingWasDeleted(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        PublishReceipt lost = orders.publish(delayed(1, 3_600_000));

        redis.flushAll();

        assertThat(orders.cancel(lost)).isFalse();
        PublishReceipt receipt = orders.publish(delayed(2, 100));
        await().until(() -> orders.admin().stats().messages() == 1);
        assertThat(enteredAt("2")).isBetween(due(receipt), due(receipt).plus(MOST_LATE));
    }

    private static OutgoingMessage<OrderEvent> delayed(int number, long delayMs) {
        return OutgoingMessage.of(OrderEvent.number(number))
                .key(Integer.toString(number))
                .delay(Duration.ofMillis(delayMs));
    }

    private static Instant due(PublishReceipt receipt) {
        return receipt.scheduledFor().orElseThrow();
    }

    private Instant now() {
        return Instant.ofEpochSecond(Long.parseLong(raw.time().get(0)));
    }

    /** By key, on the first partition. */
    private Instant enteredAt(String key) {
        return raw.xrange("oq:{orders:0}:s", Range.unbounded()).stream()
                .filter(entry -> entry.getBody().get("k").equals(key))
                .map(entry -> Instant.ofEpochMilli(Long.parseLong(entry.getId().split("-")[0])))
                .findFirst()
                .orElseThrow();
    }

    private void assertOffsetsAreDense(int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            List<Long> offsets = raw.xrange("oq:{orders:" + partition + "}:s", Range.unbounded()).stream()
                    .map(StreamMessage::getId)
                    .map(id -> Long.valueOf(id.split("-")[1]))
                    .toList();
            assertThat(offsets)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, offsets.size()).boxed().toList());
        }
    }
}
