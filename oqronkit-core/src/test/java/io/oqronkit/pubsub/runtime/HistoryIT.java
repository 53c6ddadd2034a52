package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.Range;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSubEvent.HistoryRewound;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Redis comes back with less than it had (R#4, R#12): it is told, and what is published from then on is handled. */
@ExtendWith(EmbeddedRedisExtension.class)
class HistoryIT {

    private static final String STREAM = "oq:{orders:0}:s";

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Set<MessageId> handled = ConcurrentHashMap.newKeySet();
    private final Queue<HistoryRewound> rewound = new ConcurrentLinkedQueue<>();

    /** As a failover to a replica that lagged behind, or a restored backup. */
    @Test
    void afterAnOlderStateIsRestoredOffsetsComeAgainAndEverythingPublishedSinceIsHandled(EmbeddedRedis redis)
            throws IOException {
        Topic<OrderEvent> orders = subscribed(redis);
        orders.publishBatch(events(50));
        awaitFinished(orders, "billing");
        byte[] older = Files.readAllBytes(appendOnlyFile(redis));
        orders.publishBatch(events(30));
        awaitFinished(orders, "billing");

        redis.kill();
        Files.write(appendOnlyFile(redis), older);
        redis.restart();
        await().until(() -> rewound.size() == 1);
        List<PublishReceipt> since = orders.publishBatch(events(40));

        assertThat(rewound).singleElement().satisfies(event -> {
            assertThat(event.group()).isEqualTo("billing");
            assertThat(event.from()).isEqualTo(80);
            assertThat(event.to()).isEqualTo(50);
        });
        assertThat(since.stream().map(PublishReceipt::offset))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(51, 90).boxed().toList());
        await().until(() -> handled.containsAll(ids(since)));
        awaitFinished(orders, "billing");
        assertThat(logs.at(
                        Level.WARN,
                        "Redis has come back with older data, or none: the last offset was 80, now it is 50"))
                .hasSize(1);
    }

    /** Somebody else was faster to publish than this process to look. */
    @ParameterizedTest
    @EnumSource(ConsumerMode.class)
    void aLossIsToldThoughTheLogIsLongerAlready(ConsumerMode mode, EmbeddedRedis redis) throws IOException {
        Topic<OrderEvent> orders = topic(redis);
        Subscription subscription = orders.subscribe(group("billing").mode(mode).handler(c -> handled.add(c.id())));
        orders.publishBatch(events(50));
        awaitFinished(orders, "billing");
        byte[] older = Files.readAllBytes(appendOnlyFile(redis));
        List<PublishReceipt> lost = orders.publishBatch(events(30));
        await().until(() -> handled.containsAll(ids(lost)));
        awaitFinished(orders, "billing");

        subscription.pause();
        redis.kill();
        Files.write(appendOnlyFile(redis), older);
        redis.restart();
        List<PublishReceipt> since = await().ignoreExceptions().until(() -> orders.publishBatch(events(40)), r -> true);
        subscription.resume();

        await().untilAsserted(() -> assertThat(rewound).singleElement().satisfies(event -> {
            assertThat(event.from()).isEqualTo(80);
            assertThat(event.to()).isEqualTo(90);
        }));
        await().until(() -> handled.containsAll(ids(since)));
    }

    /** As a power failure: half a batch is no batch, and groups stand where the log says. */
    @Test
    void afterTheTailOfTheAppendOnlyFileIsLostTheLogIsWholeAndConsumingGoesOn(EmbeddedRedis redis) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = subscribed(redis);

        for (int cut = 1; cut <= 2; cut++) {
            orders.publishBatch(events(20));
            orders.publishBatch(events(20));
            awaitFinished(orders, "billing");
            redis.kill();
            try (FileChannel file = FileChannel.open(appendOnlyFile(redis), StandardOpenOption.WRITE)) {
                file.truncate(file.size() - 1 - random.nextInt(6_000));
            }
            redis.restart();
            rewriteAppendOnlyFile(raw);

            List<PublishReceipt> since = orders.publishBatch(events(10));

            await("cut " + cut + ", seed " + seed).until(() -> handled.containsAll(ids(since)));
            awaitFinished(orders, "billing");
            List<Long> offsets = offsets(raw);
            assertThat(offsets)
                    .as("cut %d, seed %d", cut, seed)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, offsets.size()).boxed().toList());
            assertThat((offsets.size() - 10 * cut) % 20).as("whole batches").isZero();
        }
    }

    /**
     * A batch lost in a power failure while it was being written stays lost. Servers leave its half in their file
     * (valkey-io/valkey#4342) and would run it, or drop what came after it, when they start the next time; a rewrite of
     * the file is what the guide asks for.
     */
    @Test
    void theHalfOfABatchDoesNotComeBackOnceTheAppendOnlyFileIsRewritten(EmbeddedRedis redis) throws IOException {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(20));
        orders.publishBatch(events(20));
        redis.kill();
        cutOffTheLastExec(appendOnlyFile(redis));
        redis.restart();
        assertThat(offsets(raw)).hasSize(20);

        rewriteAppendOnlyFile(raw);
        orders.publishBatch(events(10));
        redis.kill();
        redis.restart();

        assertThat(offsets(raw))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 30).boxed().toList());
    }

    /** The offset alone says nothing: more has been published since than was there before. */
    @Test
    void aFlushIsToldThoughTheNewLogIsLongerAlready(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = subscribed(redis);
        orders.publishBatch(events(10));
        awaitFinished(orders, "billing");

        pubSubs.raw(redis).flushall();
        List<PublishReceipt> since = orders.publishBatch(events(20));

        await().until(() -> handled.containsAll(ids(since)));
        await().untilAsserted(() -> assertThat(rewound).hasSize(1));
        assertThat(rewound.element().from()).isEqualTo(10);
    }

    /** It would not be given a message before the log has grown that far. */
    @Test
    void aGroupThatStandsBeyondTheEndOfTheLogIsSetBack(EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> {})).close();
        List<PublishReceipt> published = orders.publishBatch(events(5));
        raw.xgroupSetid(StreamOffset.from(STREAM, (System.currentTimeMillis() + 3_600_000) + "-1000"), "billing");

        orders.subscribe(group("billing").handler(c -> handled.add(c.id())));
        PublishReceipt next = orders.publish(OrderEvent.number(6));

        await().until(() -> handled.contains(next.id()));
        await().until(() -> handled.containsAll(ids(published)));
        assertThat(stats(orders, "billing").lag()).isZero();
        assertThat(logs.at(Level.WARN, "group billing stood beyond the end of " + STREAM + " and is set back"))
                .hasSize(1);
    }

    private Topic<OrderEvent> subscribed(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = topic(redis);
        orders.subscribe(group("billing").concurrency(2).handler(c -> handled.add(c.id())));
        return orders;
    }

    private Topic<OrderEvent> topic(EmbeddedRedis redis) {
        return pubSubs.open(
                        redis,
                        builder -> builder.listener(event -> {
                            if (event instanceof HistoryRewound history) {
                                rewound.add(history);
                            }
                        }))
                .topic("orders", OrderEvent.class);
    }

    private static List<Long> offsets(RedisCommands<String, String> raw) {
        return await().ignoreExceptions().until(() -> raw.xrange(STREAM, Range.unbounded()), entries -> true).stream()
                .map(entry -> Long.parseLong(entry.getId().split("-")[1]))
                .toList();
    }

    private static void rewriteAppendOnlyFile(RedisCommands<String, String> raw) {
        await().ignoreExceptions().until(raw::bgrewriteaof, started -> true);
        await().until(
                        () -> raw.info("persistence"),
                        info -> info.contains("aof_rewrite_in_progress:0")
                                && info.contains("aof_rewrite_scheduled:0")
                                && info.contains("aof_last_bgrewrite_status:ok"));
    }

    private static void cutOffTheLastExec(Path file) throws IOException {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(content.lastIndexOf("EXEC") + 2);
        }
    }

    private static List<MessageId> ids(List<PublishReceipt> receipts) {
        return receipts.stream().map(PublishReceipt::id).toList();
    }

    /** From Redis 7 on there are several files; what was written last is in the last one. */
    private static Path appendOnlyFile(EmbeddedRedis redis) {
        try (Stream<Path> files = Files.walk(redis.dataDirectory())) {
            return files.filter(file -> file.toString().endsWith(".aof"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
