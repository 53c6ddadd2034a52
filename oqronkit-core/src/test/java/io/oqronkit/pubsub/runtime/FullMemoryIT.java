package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server whose memory is full, or that would make room by removing topics. */
@ExtendWith(EmbeddedRedisExtension.class)
class FullMemoryIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch begin = new CountDownLatch(1);
    private RedisCommands<String, String> raw;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        raw = pubSubs.raw(redis);
    }

    @AfterEach
    void makeRoom() {
        raw.configSet("maxmemory", "0");
        raw.configSet("maxmemory-policy", "noeviction");
    }

    @Test
    void publishingFailsForSureWhileConsumingGoesOnAndRecoversByItself(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofMillis(500)))
                .topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").concurrency(2).handler(c -> {
            begin.await();
            handled.add(c.offset() + "/" + c.attempt());
        }));
        orders.publishBatch(events(300));

        fillMemory();
        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(301)))
                .withMessageContaining("OOM command not allowed");
        begin.countDown();
        awaitFinished(orders, "billing");
        assertThat(handled).hasSize(300).allMatch(line -> line.endsWith("/1"));

        raw.configSet("maxmemory", "0");
        assertThat(orders.publish(OrderEvent.number(301)).offset()).isEqualTo(301);
        await().until(() -> handled.size() == 301);
    }

    /** It would hold back retention, and so keep the memory full for ever. */
    @Test
    void aMessageThatFailsMeanwhileIsTriedAgainAndGivenUpAllTheSame(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing")
                .backoff(Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
                .maxRetries(2)
                .handler(c -> {
                    begin.await();
                    handled.add(c.offset() + "/" + c.attempt());
                    throw new IllegalStateException("no account");
                }));
        orders.publish(OrderEvent.number(1));
        await().until(() -> stats(orders, "billing").pending() == 1);

        fillMemory();
        begin.countDown();

        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 0, 0, 1, 0, 1)));
        assertThat(handled).containsExactly("1/1", "1/2", "1/3");
    }

    @Test
    void aServerThatWouldRemoveTopicsIsRefusedUnlessThatIsAccepted(EmbeddedRedis redis) {
        raw.configSet("maxmemory-policy", "allkeys-lru");

        assertThatExceptionOfType(PubSubException.class)
                .isThrownBy(() -> pubSubs.open(redis))
                .withMessageContaining("maxmemory-policy is allkeys-lru")
                .withMessageContaining("allow-eviction");
        pubSubs.open(redis, b -> b.allowEviction(true));
        assertThat(logs.at(Level.WARN, "maxmemory-policy is allkeys-lru")).hasSize(1);
    }

    private void fillMemory() {
        raw.configSet("maxmemory", "1");
    }
}
