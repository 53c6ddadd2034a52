package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Idle subscriptions leave Redis alone, and hear of what happens all the same. */
@ExtendWith(EmbeddedRedisExtension.class)
class LookoutIT {

    /** Less than a reader at rest waits. */
    private static final Duration SOON = Duration.ofSeconds(2);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<Long> handled = new ConcurrentLinkedQueue<>();

    @Test
    void idleSubscriptionsShareTheirLooks(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        for (int i = 0; i < 10; i++) {
            pubSub.topic("orders-" + i, OrderEvent.class).subscribe(longRested().handler(c -> {}));
        }
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        awaitReadersAtRest(raw, 10);
        raw.configResetstat();

        await().until(() -> calls(raw, "xpending") >= 5 * 2 * 10); // five looks at two streams of ten groups

        assertThat(calls(raw, "xreadgroup")).isLessThanOrEqualTo(10);
        assertThat(calls(raw, "evalsha")).isLessThan(5 * 10);
    }

    @Test
    void aReplayOfAnIdleGroupBeginsAtOnce(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = idle(redis);

        orders.replay("billing", Position.offset(2));

        await().atMost(SOON).untilAsserted(() -> assertThat(handled).containsExactly(1L, 2L, 3L, 2L, 3L));
    }

    @Test
    void aGroupThatVanishedUnderAnIdleReaderIsMadeAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = idle(redis);

        pubSubs.raw(redis).del("oq:{orders:0}:s", "oq:{orders:0}:r:billing");

        RedisCommands<String, String> raw = pubSubs.raw(redis);
        await().atMost(SOON).until(() -> raw.exists("oq:{orders:0}:s") == 1);
        orders.publish(OrderEvent.number(4));
        await().atMost(SOON).untilAsserted(() -> assertThat(handled).hasSize(4));
    }

    @Test
    void closingDoesNotWaitForTheReadUnderWay(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        pubSub.topic("orders", OrderEvent.class).subscribe(longRested().handler(c -> {}));
        awaitReadersAtRest(pubSubs.raw(redis), 1);

        CompletableFuture<Void> closed = CompletableFuture.runAsync(pubSub::close);

        await().atMost(SOON).until(closed::isDone);
    }

    @Test
    void withoutPermissionToWakeReadersTheyWaitNoLongerThanBefore(EmbeddedRedis redis) {
        pubSubs.raw(redis)
                .aclSetuser(
                        "app",
                        AclSetuserArgs.Builder.on()
                                .addPassword("secret")
                                .allKeys()
                                .allCommands()
                                .removeCommand(CommandType.CLIENT));
        PubSub pubSub = pubSubs.open("redis://app:secret@%s:%d".formatted(redis.host(), redis.port()));
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        orders.subscribe(longRested().handler(c -> handled.add(c.offset())));
        orders.publishBatch(events(3));
        awaitFinished(orders, "billing");

        CompletableFuture<Void> closed = CompletableFuture.runAsync(pubSub::close);

        await().atMost(SOON).until(closed::isDone);
        assertThat(handled).containsExactly(1L, 2L, 3L);
    }

    /** A reader waits no longer than a third of the ack deadline. */
    private static SubscriptionSpec<OrderEvent> longRested() {
        return Groups.group("billing").ackDeadline(Duration.ofSeconds(30));
    }

    /** Three messages are handled, and the reader waits for the fourth. */
    private Topic<OrderEvent> idle(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(longRested().handler(c -> handled.add(c.offset())));
        orders.publishBatch(events(3));
        awaitFinished(orders, "billing");
        awaitReadersAtRest(pubSubs.raw(redis), 1);
        return orders;
    }

    private static void awaitReadersAtRest(RedisCommands<String, String> raw, int readers) {
        await().until(() -> number(raw.info("clients"), "blocked_clients:(\\d+)") == readers);
    }

    private static long calls(RedisCommands<String, String> raw, String command) {
        return number(raw.info("commandstats"), "cmdstat_" + command + ":calls=(\\d+)");
    }

    private static long number(String info, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(info);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
