package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.oqronkit.faults.harm.SlowDisk;
import io.oqronkit.faults.work.Task;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubEvent.HistoryRewound;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A1 with a disk that is slow. While the second before is still being synced, a Redis with {@code everysec} keeps what it is
 * told to itself, for 2 s at most (redis/src/aof.c, flushAppendOnlyFile), and answers all the same.
 */
class SlowDiskIT {

    private static final Duration POSTPONED = Duration.ofSeconds(2);
    private static final Duration ROOM = Duration.ofMillis(500);

    @TempDir
    Path folder;

    private final Queue<HistoryRewound> rewound = new ConcurrentLinkedQueue<>();

    @Test
    void everysecLosesTwoSecondsAtMostWithItsProcessAndConsumersTellIt() {
        withServer("everysec", Duration.ofMillis(1_500), redis -> {
            Killed killed = publishAndKill(redis, Duration.ofMillis(2_500));
            assertThat(killed.lost()).as("lost, of %s", killed).isNotEmpty();
            long oldest = killed.lost().firstEntry().getValue();
            assertThat(Duration.ofNanos(killed.at() - oldest)).isLessThan(POSTPONED.plus(ROOM));
        });
        assertThat(rewound).hasSize(1);
    }

    @Test
    void alwaysLosesNothing() {
        withServer("always", Duration.ofMillis(20), redis -> assertThat(
                        publishAndKill(redis, Duration.ofMillis(1_500)).lost())
                .isEmpty());
        assertThat(rewound).isEmpty();
    }

    private void withServer(String appendfsync, Duration fsync, Consumer<EmbeddedRedis> test) {
        Optional<Path> server = SlowDisk.build(folder, fsync);
        if (server.isEmpty()) {
            System.out.printf("A1-slow-disk %s: not run, there is no gcc%n", appendfsync);
            return;
        }
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .binary(server.get())
                .setting("appendfsync", appendfsync)
                .start()) {
            test.accept(redis);
        }
    }

    /**
     * @param lost receipts by the time they came, of messages that are gone
     * @param at when the server was killed, by the same clock
     */
    private record Killed(NavigableMap<Long, Long> lost, int published, long at) {}

    /** Then as much is published again, so that the log is longer than before when consumers look. */
    private Killed publishAndKill(EmbeddedRedis redis, Duration after) {
        RedisClient client = RedisClient.create(GuideUsers.app(redis));
        try (PubSub pubSub = OqronPubSub.builder(client)
                .codec(new Task.Codec())
                .listener(event -> {
                    if (event instanceof HistoryRewound history) {
                        rewound.add(history);
                    }
                })
                .build()) {
            Topic<Task> topic = pubSub.topic("orders", Task.class);
            topic.subscribe(SubscriptionSpec.<Task>group("billing").handler(context -> {}));
            NavigableMap<Long, Long> receipts = new TreeMap<>();
            MessageId last = topic.publish(task()).id();
            for (long end = System.nanoTime() + after.toNanos(); System.nanoTime() < end; ) {
                last = topic.publish(task()).id();
                receipts.put(last.offset(), System.nanoTime());
            }
            long killed = System.nanoTime();
            redis.kill();
            redis.restart();
            long stored = await().ignoreExceptions()
                            .until(() -> topic.publish(task()), r -> true)
                            .offset()
                    - 1;
            topic.publishBatch(Collections.nCopies((int) (last.offset() - stored) + 10, task()));
            if (stored < last.offset()) {
                await().until(() -> !rewound.isEmpty());
            }
            return new Killed(receipts.tailMap(stored, false), receipts.size(), killed);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private static Task task() {
        return new Task("t", Task.Action.NOTHING, 0, "");
    }
}
