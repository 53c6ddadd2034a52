package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisException;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users who may do a part of it, as the guide has them, and what one reads who may do less. */
@ExtendWith(EmbeddedRedisExtension.class)
class LeastPrivilegeIT {

    private static final Duration TWO_TRIMS = Duration.ofSeconds(15);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @Test
    void aPublisherPublishesInEveryWayAndCannotConsume(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, "publisher");

        orders.publish(OrderEvent.number(1));
        orders.publishMessages(java.util.List.of(
                OutgoingMessage.of(OrderEvent.number(2)).key("k").header("h", "v"),
                OutgoingMessage.of(OrderEvent.number(3)).idempotencyKey("i"),
                OutgoingMessage.of(OrderEvent.number(4)).delay(Duration.ofMillis(50))));

        await().until(() -> orders.admin().stats().messages() == 4);
        assertThatExceptionOfType(PubSubException.class)
                .isThrownBy(() -> orders.subscribe(group("billing").handler(c -> handled.add(c.key()))))
                .withMessageContaining("group 'billing' of topic 'orders'")
                .withMessageContaining("NOPERM")
                .withMessageContaining("XACK, XCLAIM")
                .withMessageContaining("XREADGROUP");
    }

    @Test
    void aPublisherLeavesRetentionToOthersAndSaysSoOnce(EmbeddedRedis redis) {
        PubSub consumer = pubSubs.open(redis);
        consumer.topic("orders", OrderEvent.class).subscribe(group("billing").handler(c -> handled.add(c.key())));
        consumer.close();

        open(redis, "publisher").publish(OrderEvent.number(1));

        await().atMost(TWO_TRIMS)
                .until(() ->
                        logs.at(Level.WARN, "retention of topic orders is left to processes that consume it: NOPERM")
                                        .size()
                                == 1);
        assertThat(logs.at(Level.ERROR, "")).isEmpty();
    }

    @Test
    void aConsumerHandlesRetriesKeepsDeadLettersRedrivesAndReplaysButCannotPublish(EmbeddedRedis redis) {
        if (redis.version().startsWith("6.")) { // selectors came with Redis 7.0; the guide says so
            assertThatExceptionOfType(EmbeddedRedisException.class)
                    .isThrownBy(() -> GuideUsers.on(redis, "consumer"))
                    .withMessageContaining("ACL SETUSER");
            return;
        }
        Topic<OrderEvent> published = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Topic<OrderEvent> orders = open(redis, "consumer");
        orders.subscribe(group("billing").maxRetries(1).handler(c -> {
            handled.add(c.offset() + "/" + c.attempt());
            if (c.offset() == 2 && handled.size() < 4) {
                throw new IllegalStateException("not yet");
            }
        }));

        published.publish(OrderEvent.number(1));
        published.publish(OrderEvent.number(2));
        await().until(() -> orders.admin().deadLetters("billing", 10).size() == 1);
        orders.admin()
                .redrive(
                        "billing",
                        orders.admin().deadLetters("billing", 1).get(0).id());
        await().until(() -> handled.size() == 4);
        orders.replay("billing", Position.earliest());
        await().until(() -> handled.size() == 6);

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(3)))
                .withMessageContaining("the message is not stored")
                .withMessageContaining("NOPERM");
        assertThat(logs.at(Level.WARN, "scheduled messages are left to processes that publish"))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aStartThatLacksPermissionsNamesThemAll(EmbeddedRedis redis) {
        String less = GuideUsers.rules("app").replace("+xack", "").replace("+zadd", "");
        Topic<OrderEvent> orders =
                pubSubs.open(redis.addUser("less", GuideUsers.PASSWORD, less)).topic("orders", OrderEvent.class);

        assertThatExceptionOfType(PubSubException.class)
                .isThrownBy(() -> orders.subscribe(group("billing").handler(c -> {})))
                .withMessageEndingWith("cannot be made: NOPERM Redis does not let this user run XACK, ZADD");
        assertThat(pubSubs.raw(redis).exists("oq:{orders:0}:s")).isZero();
    }

    @Test
    void aPublishThatLacksAPermissionNamesIt(EmbeddedRedis redis) {
        pubSubs.open(redis).topic("orders", OrderEvent.class); // else opening it would lack HSET too
        String less = GuideUsers.rules("app").replace("+xadd", "").replace("+hset ", "");
        Topic<OrderEvent> orders =
                pubSubs.open(redis.addUser("less", GuideUsers.PASSWORD, less)).topic("orders", OrderEvent.class);

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(1)))
                .withMessage("the message is not stored: NOPERM Redis does not let this user run HSET, XADD");
    }

    private Topic<OrderEvent> open(EmbeddedRedis redis, String user) {
        return pubSubs.open(GuideUsers.on(redis, user)).topic("orders", OrderEvent.class);
    }
}
