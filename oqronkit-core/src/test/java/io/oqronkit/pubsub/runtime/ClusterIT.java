package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Redrive;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic with 12 partitions on 3 masters. The slots of this name spread evenly over them. */
class ClusterIT {

    private static final TopicSpec<OrderEvent> ORDERS =
            TopicSpec.of("orders", OrderEvent.class).partitions(12);
    private static final Backoff SHORT = Backoff.of(Duration.ofMillis(20), 1, Duration.ofMillis(20), 0);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration HEALED = Duration.ofSeconds(20);

    private static EmbeddedRedisCluster cluster;

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<MessageId> handled = new ConcurrentLinkedQueue<>();
    private final Queue<PubSubEvent> heard = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        cluster = EmbeddedRedisCluster.builder()
                .setting("cluster-node-timeout", "5000")
                .start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void empty() {
        cluster.masters().forEach(EmbeddedRedis::flushAll);
    }

    @Test
    void everyMasterHoldsFourPartitionsAndPublishingAndHandlingUseAll() {
        Topic<OrderEvent> orders = open().topic(ORDERS);
        orders.subscribe(group("billing").handler(c -> handled.add(c.id())));

        List<PublishReceipt> receipts = orders.publishBatch(events(600));
        List<CompletableFuture<PublishReceipt>> later =
                events(600).stream().map(orders::publishAsync).toList();

        assertThat(receipts).hasSize(600);
        assertThat(later).allSatisfy(receipt -> assertThat(receipt).succeedsWithin(SOON));
        awaitFinished(orders, "billing");
        assertThat(handled).hasSize(1_200).doesNotHaveDuplicates();
        assertThat(cluster.masters()).allSatisfy(master -> {
            RedisCommands<String, String> node = pubSubs.raw(master);
            List<String> streams = node.keys("oq:{orders:*}:s");
            assertThat(streams).hasSize(4);
            assertThat(streams)
                    .allSatisfy(stream -> assertThat(node.xlen(stream)).isEqualTo(100));
        });
        assertThat(handled).extracting(MessageId::partition).contains(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(logs.at(Level.WARN, "")).isEmpty();
    }

    @Test
    void retriesDeadLettersRedriveAndReplayWork() {
        Topic<OrderEvent> orders = open().topic(ORDERS);
        AtomicBoolean failing = new AtomicBoolean(true);
        orders.subscribe(group("billing").backoff(SHORT).maxRetries(2).handler(c -> {
            boolean dies = c.message().amount() <= 24;
            if (failing.get() && (dies || c.attempt() < 2)) {
                throw new IllegalStateException("not yet");
            }
            handled.add(c.id());
        }));

        orders.publishBatch(events(120));

        awaitFinished(orders, "billing");
        assertThat(handled).hasSize(96);
        assertThat(stats(orders, "billing").deadLetters()).isEqualTo(24);
        failing.set(false);
        assertThat(orders.admin().redrive("billing", Redrive.all()).moved()).isEqualTo(24);
        awaitFinished(orders, "billing");
        await().untilAsserted(() -> assertThat(handled).hasSize(120).doesNotHaveDuplicates());

        orders.replay("billing", Position.earliest());

        await().atMost(SOON).untilAsserted(() -> assertThat(handled).hasSize(240));
        assertThat(Map.copyOf(count())).hasSize(120).allSatisfy((id, times) -> assertThat(times)
                .isEqualTo(2));
    }

    @ParameterizedTest
    @EnumSource(
            value = ConsumerMode.class,
            names = {"EXCLUSIVE", "KEY_ORDERED"})
    void orderedGroupsKeepTheirOrderInTwoProcesses(ConsumerMode mode) {
        Map<String, Queue<Double>> done = new ConcurrentHashMap<>();
        Topic<OrderEvent> orders = open().topic(ORDERS);
        for (Topic<OrderEvent> process : List.of(orders, open().topic(ORDERS))) {
            process.subscribe(group("ledger")
                    .mode(mode)
                    .concurrency(mode == ConsumerMode.EXCLUSIVE ? 1 : 4)
                    .backoff(SHORT)
                    .handler(c -> {
                        if (c.message().amount() % 50 == 0 && c.attempt() == 1) {
                            throw new IllegalStateException("now and then");
                        }
                        done.computeIfAbsent(String.valueOf(c.key()), k -> new ConcurrentLinkedQueue<>())
                                .add(c.message().amount());
                    }));
        }

        orders.publishMessages(IntStream.rangeClosed(1, 600)
                .mapToObj(i -> OutgoingMessage.of(OrderEvent.number(i)).key("key-" + i % 30))
                .toList());

        awaitFinished(orders, "ledger");
        assertThat(done).hasSize(30).allSatisfy((key, amounts) -> assertThat(List.copyOf(amounts))
                .hasSize(20)
                .isSorted());
    }

    /** Without a replica nobody takes over: its partitions stand still, and it is told that they do. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMasterThatIsAwayIsMissedInTimeAndUsedAgain(boolean killed) {
        PubSub pubSub = open(builder -> builder.listener(heard::add).publishTimeout(Duration.ofSeconds(60)));
        Topic<OrderEvent> orders = pubSub.topic(ORDERS);
        orders.subscribe(group("billing").handler(c -> handled.add(c.id())));
        orders.publishBatch(events(12));
        EmbeddedRedis master = cluster.masters().get(1);

        if (killed) {
            master.kill();
        } else {
            master.pause();
        }
        List<CompletableFuture<PublishReceipt>> receipts =
                events(24).stream().map(orders::publishAsync).toList();

        try {
            await().atMost(SOON).until(() -> pubSub.redisOutage().isPresent());
        } finally {
            if (killed) {
                master.restart();
            } else {
                master.resume();
            }
        }
        await().atMost(HEALED).until(() -> pubSub.redisOutage().isEmpty());
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt).succeedsWithin(HEALED));
        awaitFinished(orders, "billing");
        assertThat(orders.admin().stats().messages()).isEqualTo(36);
        await().untilAsserted(() -> assertThat(List.copyOf(handled)).hasSizeGreaterThanOrEqualTo(36));
        assertThat(count()).hasSize(36);
        await().untilAsserted(() -> assertThat(heard)
                .hasAtLeastOneElementOfType(RedisLost.class)
                .hasAtLeastOneElementOfType(RedisFound.class));
    }

    private Map<MessageId, Integer> count() {
        Map<MessageId, Integer> times = new ConcurrentHashMap<>();
        handled.forEach(id -> times.merge(id, 1, Integer::sum));
        return times;
    }

    private PubSub open() {
        return open(builder -> builder);
    }

    private PubSub open(UnaryOperator<OqronPubSub> settings) {
        return pubSubs.open(cluster, settings);
    }
}
