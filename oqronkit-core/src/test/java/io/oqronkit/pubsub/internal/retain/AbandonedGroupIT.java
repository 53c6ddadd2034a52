package io.oqronkit.pubsub.internal.retain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.GroupAbandoned;
import io.oqronkit.pubsub.PubSubEvent.GroupReturned;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.TopicRegistry;
import io.oqronkit.pubsub.internal.retain.Trimmer.Limits;
import io.oqronkit.pubsub.internal.retain.Trimmer.Partition;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/**
 * R#27: a group that nobody consumes for does not hold the topic for ever, and what it loses is counted. Ten messages are
 * kept, 200 ms are a long silence, and the ten minutes over which it must last pass on a clock of the test.
 */
@ExtendWith(EmbeddedRedisExtension.class)
class AbandonedGroupIT {

    private static final String STREAM = "oq:{orders:0}:s";
    private static final String META = "oq:{orders:0}:m";
    private static final Duration SILENCE = Duration.ofMillis(200);
    private static final Limits LIMITS = new Limits(Retention.of(null, 10), Retention.forever(), SILENCE);

    private final AtomicLong clock = new AtomicLong();
    private final Queue<PubSubEvent> heard = new ConcurrentLinkedQueue<>();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private RedisClient client;
    private RedisLinks links;
    private PubSub pubSub;
    private RedisCommands<String, String> raw;
    private Topic<String> orders;
    private Trimmer trimmer;

    @BeforeEach
    void open(EmbeddedRedis redis) {
        client = RedisClient.create(GuideUsers.app(redis));
        raw = client.connect(RedisURI.create(redis.uri())).sync();
        links = new RedisLinks(client, heard::add);
        pubSub = OqronPubSub.builder(client).listener(heard::add).build();
        orders = pubSub.topic("orders", String.class);
        PartitionKeys keys = new PartitionKeys("oq", "orders", 0);
        trimmer = new Trimmer(new TopicRegistry(links.control(), "oq"), heard::add, Duration.ofMinutes(10), clock::get);
        trimmer.add(
                "orders",
                () -> LIMITS,
                List.of(new Partition(
                        new RetentionSteps(links.control(), keys, () -> 1), new AdminSteps(links.control(), keys))),
                stored -> {});
        lines.start();
        log().addAppender(lines);
    }

    @AfterEach
    void close() {
        log().detachAppender(lines);
        pubSub.close();
        links.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void stopsHoldingTheTopicAndIsToldExactlyWhatItLostWhenItReturns() {
        subscribe("present", new ConcurrentLinkedQueue<>());
        orders.subscribe(group("away")).close();
        publish(100);
        awaitSilence("away");

        trimmer.trimNow();
        clock.addAndGet(Duration.ofMinutes(10).minusSeconds(1).toNanos());
        trimmer.trimNow();
        assertThat(raw.xlen(STREAM)).isEqualTo(100);
        assertThat(stats("away").abandoned()).isFalse();

        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        trimmer.trimNow();
        assertThat(raw.xlen(STREAM)).isEqualTo(10);
        assertThat(stats("away").abandoned()).isTrue();
        assertThat(stats("away").dropped()).isEqualTo(90);
        assertThat(stats("present").dropped()).isZero();
        assertThat(trimmer.abandonedGroups()).isEqualTo(Map.of("orders", Set.of("away")));

        publish(20);
        trimmer.trimNow();
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        subscribe("away", handled);
        await().until(() -> handled.size() == 10);
        trimmer.trimNow();

        assertThat(handled).startsWith(111L).endsWith(120L);
        assertThat(stats("away").dropped()).isEqualTo(110);
        assertThat(stats("away").abandoned()).isFalse();
        assertThat(trimmer.abandonedGroups()).isEmpty();
        await().untilAsserted(() -> {
            assertThat(heard(GroupAbandoned.class))
                    .extracting(GroupAbandoned::lag)
                    .containsExactly(100L);
            assertThat(heard(GroupReturned.class))
                    .extracting(GroupReturned::lost)
                    .containsExactly(110L);
            assertThat(heard(MessagesDropped.class))
                    .extracting(MessagesDropped::count)
                    .containsExactly(90L, 20L);
        });
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "group away of topic orders is abandoned: for PT0.2S nobody has consumed for it; retention no longer waits for its 100 unread messages",
                        "group away of topic orders is consumed again; it lost 110 messages while it was abandoned");
    }

    @Test
    void countsWhatACrashedProcessHeld() {
        orders.subscribe(group("away")).close();
        publish(100);
        read("away", 5);
        awaitSilence("away");

        trimTwice();

        assertThat(stats("away").dropped()).isEqualTo(90);
        assertThat(stats("away").pending()).isZero();
        assertThat(stats("away").lag()).isEqualTo(10);
    }

    @Test
    void isNotAPausedOne() {
        orders.subscribe(group("away")).close();
        orders.admin().pause("away");
        publish(100);
        raw.hset(META, "empty:away", "0");

        trimTwice();
        assertThat(raw.xlen(STREAM)).isEqualTo(100);
        assertThat(stats("away").abandoned()).isFalse();

        orders.admin().resume("away");
        trimTwice();
        assertThat(stats("away").abandoned()).isTrue();
        orders.admin().pause("away");
        trimmer.trimNow();
        assertThat(stats("away").abandoned()).isFalse();
    }

    @Test
    void isNotOneThatReadMeanwhile() {
        orders.subscribe(group("slow")).close();
        publish(100);
        awaitSilence("slow");
        trimmer.trimNow();

        read("slow", 1);
        trimmer.trimNow();
        clock.addAndGet(Duration.ofHours(1).toNanos());
        awaitSilence("slow");
        trimmer.trimNow();

        assertThat(stats("slow").abandoned()).isFalse();
        assertThat(raw.xlen(STREAM)).isEqualTo(100);
    }

    /** Two processes may have other ideas of a long silence; the one that waits longer does not undo the mark. */
    @Test
    void staysAbandonedUntilSomebodyReads() {
        orders.subscribe(group("away")).close();
        publish(100);
        read("away", 1);
        awaitSilence("away");
        trimTwice();

        raw.hdel(META, "trimmed");
        await().atMost(Duration.ofSeconds(10)).until(() -> raw.hexists(META, "trimmed"));
        assertThat(stats("away").abandoned()).isTrue();
        assertThat(pubSub.abandonedGroups()).isEqualTo(Map.of("orders", Set.of("away")));

        read("away", 1);
        trimmer.trimNow();
        assertThat(stats("away").abandoned()).isFalse();
    }

    @Test
    void leavesNoMarkBehindWhenItIsDeleted() {
        orders.subscribe(group("away")).close();
        publish(20);
        awaitSilence("away");
        trimTwice();

        orders.admin().deleteGroup("away");

        assertThat(raw.hkeys(META)).noneMatch(field -> field.startsWith("abandoned:") || field.startsWith("empty:"));
    }

    private void trimTwice() {
        trimmer.trimNow();
        clock.addAndGet(Duration.ofMinutes(10).toNanos());
        trimmer.trimNow();
    }

    private void publish(int count) {
        orders.publishBatch(IntStream.range(0, count).mapToObj(i -> "order").toList());
        await().until(() -> !orders.admin().stats().groups().containsKey("present")
                || stats("present").backlog() == 0);
    }

    /** As a process that crashes while it handles them. */
    @SuppressWarnings("unchecked") // an array of one stream offset
    private void read(String group, int count) {
        raw.xreadgroup(
                Consumer.from(group, "ghost"), XReadArgs.Builder.count(count), StreamOffset.lastConsumed(STREAM));
    }

    private void awaitSilence(String group) {
        trimmer.trimNow();
        await().until(() -> {
            String empty = raw.hget(META, "empty:" + group);
            return empty != null
                    ? serverTime() - Long.parseLong(empty) > SILENCE.toMillis()
                    : raw.xinfoConsumers(STREAM, group).stream()
                            .allMatch(consumer -> idle((List<?>) consumer) > SILENCE.toMillis());
        });
    }

    private long serverTime() {
        List<String> time = raw.time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    private static long idle(List<?> consumer) {
        return (Long) consumer.get(5);
    }

    private GroupStats stats(String group) {
        return orders.admin().stats().groups().get(group);
    }

    private void subscribe(String group, Queue<Long> handled) {
        orders.subscribe(group(group).handler(c -> handled.add(c.offset())));
    }

    private static SubscriptionSpec<String> group(String name) {
        return SubscriptionSpec.<String>group(name).handler(c -> {});
    }

    private <E extends PubSubEvent> List<E> heard(Class<E> type) {
        return heard.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger("io.oqronkit.pubsub.retention");
    }
}
