package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.faults.harm.AofTail;
import io.oqronkit.faults.work.Task;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A2. The end of the append-only file is lost at a random byte, as a power failure loses it. */
class PowerLossIT {

    private static final int MESSAGES = 400;
    private static final String STREAM = "oq:{orders:0}:s";
    private static final String META = "oq:{orders:0}:m";
    private static final String DEAD = "oq:{orders:0}:d:billing";

    @TempDir
    Path folder;

    private final Random random = Effort.random("A2-power-loss");

    @Test
    void whereverTheFileEndsNoStepIsHalfDone() throws IOException {
        System.out.printf("A2-power-loss: seed %d%n", Effort.seed());
        Path whole = folder.resolve("whole");
        writeHistory(whole);
        long size = AofTail.size(whole);
        for (int cut = 0; cut < Effort.times(20, 100); cut++) {
            Path copy = copied(whole, folder.resolve("cut-" + cut));
            long bytes = size / 20 + random.nextLong(size - size / 20);
            AofTail.cutTo(copy, bytes);
            try (EmbeddedRedis redis =
                    EmbeddedRedis.builder().dataDirectory(copy).start()) {
                assertConsistent(redis, "cut at byte " + bytes + " of " + size + ", seed " + Effort.seed());
            }
        }
    }

    /** Who has seen more than there is now says so, and goes on with what is published then. */
    @Test
    void aProcessThatSawMoreTellsThatHistoryIsRewound() {
        List<PubSubEvent> events = new CopyOnWriteArrayList<>();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        Path data = folder.resolve("rewound");
        try (EmbeddedRedis redis = EmbeddedRedis.builder().dataDirectory(data).start()) {
            RedisClient client = RedisClient.create(GuideUsers.app(redis));
            try (PubSub pubSub = OqronPubSub.builder(client)
                    .codec(new Task.Codec())
                    .listener(events::add)
                    .build()) {
                Topic<Task> topic = pubSub.topic("orders", Task.class);
                topic.subscribe(SubscriptionSpec.<Task>group("billing")
                        .startFrom(Position.earliest())
                        .ackDeadline(Duration.ofSeconds(1))
                        .handler(context -> handled.add(context.message().id())));
                IntStream.rangeClosed(1, MESSAGES).forEach(n -> topic.publish(task(n)));
                await().until(() -> handled.size() == MESSAGES && stats(topic).backlog() == 0);
                redis.kill();
                AofTail.cutTo(data, AofTail.size(data) / 2);
                redis.restart();

                await().until(() -> events.stream().anyMatch(PubSubEvent.HistoryRewound.class::isInstance));
                topic.publish(task(0));
                await().until(() -> handled.contains("t-0") && stats(topic).backlog() == 0);
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
        }
    }

    /** Publishes in batches and moves every message to the dead letters, until the server is killed. */
    private void writeHistory(Path data) {
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .dataDirectory(data)
                .setting("appendfsync", "always")
                .start()) {
            RedisClient client = RedisClient.create(GuideUsers.app(redis));
            try (PubSub pubSub = open(client)) {
                Topic<Task> topic = pubSub.topic("orders", Task.class);
                topic.subscribe(SubscriptionSpec.<Task>group("billing")
                        .startFrom(Position.earliest())
                        .concurrency(4)
                        .maxRetries(1)
                        .backoff(Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
                        .handler(context -> {
                            throw new IllegalStateException("rejected");
                        }));
                CompletableFuture.allOf(IntStream.rangeClosed(1, MESSAGES)
                                .mapToObj(n -> topic.publishAsync(
                                        OutgoingMessage.of(task(n)).idempotencyKey("key-" + n)))
                                .toArray(CompletableFuture<?>[]::new))
                        .join();
                await().atMost(Duration.ofSeconds(30)).until(() -> stats(topic).deadLetters() == MESSAGES);
                redis.kill();
                redis.restart(); // so that closing finds it
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
        }
    }

    private void assertConsistent(EmbeddedRedis redis, String where) {
        RedisClient client = RedisClient.create(redis.uri());
        try {
            RedisCommands<String, String> raw = client.connect().sync();
            List<String> ids = raw.xrange(STREAM, Range.unbounded()).stream()
                    .map(entry -> entry.getId())
                    .toList();
            IntStream.range(0, ids.size())
                    .forEach(i -> assertThat(ids.get(i)).as(where).endsWith("-" + (i + 1)));
            if (!ids.isEmpty()) {
                assertThat(raw.hget(META, "l")).as(where).isEqualTo(ids.get(ids.size() - 1));
            }
            assertEachDeliveredIsInOnePlace(raw, where);
            assertGoesOn(redis, ids.size(), where);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    /** Pending or dead: never both, and never neither. */
    private static void assertEachDeliveredIsInOnePlace(RedisCommands<String, String> raw, String where) {
        if (raw.exists(STREAM) == 0 || raw.xinfoGroups(STREAM).isEmpty()) {
            return;
        }
        Set<String> pending = new HashSet<>();
        raw.xpending(STREAM, "billing", Range.unbounded(), Limit.from(MESSAGES))
                .forEach(message -> pending.add(message.getId()));
        Set<String> dead = new HashSet<>();
        raw.xrange(DEAD, Range.unbounded())
                .forEach(entry ->
                        assertThat(dead.add(entry.getBody().get("i"))).as(where).isTrue());
        assertThat(dead).as(where).noneMatch(pending::contains);
        List<?> group = (List<?>) raw.xinfoGroups(STREAM).get(0);
        String delivered = (String) group.get(group.indexOf("last-delivered-id") + 1);
        assertThat((long) pending.size() + dead.size()).as(where).isEqualTo(offset(delivered));
    }

    /** What is left works as ever: the next message has the next offset, and everything is handled. */
    private static void assertGoesOn(EmbeddedRedis redis, int stored, String where) {
        RedisClient client = RedisClient.create(GuideUsers.app(redis));
        try (PubSub pubSub = open(client)) {
            Topic<Task> topic = pubSub.topic("orders", Task.class);
            Set<Long> handled = ConcurrentHashMap.newKeySet();
            topic.subscribe(SubscriptionSpec.<Task>group("billing")
                    .startFrom(Position.earliest())
                    .concurrency(16)
                    .maxRetries(5)
                    .ackDeadline(Duration.ofSeconds(1))
                    .handler(context -> handled.add(context.offset())));
            assertThat(topic.publish(task(0)).offset()).as(where).isEqualTo(stored + 1);
            await(where).atMost(Duration.ofSeconds(20)).until(() -> stats(topic).backlog() == 0);
            assertThat(handled.size() + stats(topic).deadLetters()).as(where).isEqualTo(stored + 1L);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private static GroupStats stats(Topic<Task> topic) {
        return topic.admin().stats().groups().get("billing");
    }

    private static PubSub open(RedisClient client) {
        return OqronPubSub.builder(client).codec(new Task.Codec()).build();
    }

    private static Task task(int number) {
        return new Task("t-" + number, Task.Action.NOTHING, 0, "");
    }

    private static long offset(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    private static Path copied(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }
}
