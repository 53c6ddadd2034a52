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
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis answers, but refuses something: that is said once, and all goes on once it no longer does. */
@ExtendWith(EmbeddedRedisExtension.class)
class DegradedRedisIT {

    private static final String STREAM = "oq:{orders:0}:s";

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Set<MessageId> handled = ConcurrentHashMap.newKeySet();
    private RedisCommands<String, String> raw;
    private Topic<OrderEvent> orders;
    private Subscription subscription;

    @BeforeEach
    void subscribe(EmbeddedRedis redis) {
        raw = pubSubs.raw(redis);
        orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofMillis(500)))
                .topic("orders", OrderEvent.class);
        subscription = orders.subscribe(group("billing").handler(c -> handled.add(c.id())));
        orders.publish(OrderEvent.number(1));
        await().until(() -> handled.size() == 1);
    }

    @AfterEach
    void repair() {
        raw.configSet("min-replicas-to-write", "0");
        raw.aclSetuser("app", AclSetuserArgs.Builder.addCommand(CommandType.XREADGROUP));
    }

    @Test
    void withTooFewReplicasPublishesFailForSureAndAllGoesOnOnceThereAreEnough() {
        raw.configSet("min-replicas-to-write", "1");

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(2)))
                .withMessageContaining("NOREPLICAS");
        await().until(() -> subscription.state() == SubscriptionState.STALLED);
        assertThat(subscription.stalledBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("NOREPLICAS"));
        raw.configSet("min-replicas-to-write", "0");

        recovers();
        assertThat(raw.xlen(STREAM)).isEqualTo(2);
    }

    @Test
    void withoutPermissionToReadASubscriptionStallsSaysSoOnceAndRecovers() {
        raw.aclSetuser("app", AclSetuserArgs.Builder.removeCommand(CommandType.XREADGROUP));

        await().until(() -> subscription.state() == SubscriptionState.STALLED);
        assertThat(subscription.stalledBecause())
                .hasValueSatisfying(why -> assertThat(why).contains("NOPERM"));
        await().during(Duration.ofSeconds(1))
                .until(() -> logs.at(Level.ERROR, "NOPERM").size() == 1);
        raw.aclSetuser("app", AclSetuserArgs.Builder.addCommand(CommandType.XREADGROUP));

        recovers();
        assertThat(logs.at(Level.INFO, "orders/billing partition 0: Redis no longer refuses to be read"))
                .hasSize(1);
    }

    @Test
    void aLogThatIsNoStreamStallsTheSubscriptionFailsPublishesAndRecovers() {
        raw.del(STREAM);
        raw.set(STREAM, "not a stream");

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(2)))
                .withMessageContaining("WRONGTYPE");
        await().until(() -> subscription.state() == SubscriptionState.STALLED);
        await().during(Duration.ofSeconds(1))
                .until(() -> logs.at(Level.ERROR, "refuses to be read").size() == 1);
        raw.del(STREAM);

        recovers();
    }

    /** R#30: what cannot become a dead letter stays with its group. */
    @Test
    void whatCannotBeDeadLetteredStaysPendingAndIsDeadLetteredOnceItCan() {
        String deadLetters = "oq:{orders:0}:d:ledger";
        raw.set(deadLetters, "not a stream");
        orders.subscribe(group("ledger").maxRetries(1).handler(c -> c.deadLetter("no")));
        orders.publishBatch(events(3));

        await().until(() -> !logs.at(Level.ERROR, "Redis refuses to settle").isEmpty());
        await().during(Duration.ofSeconds(2))
                .until(() -> raw.xpending(STREAM, "ledger").getCount() == 3);
        assertThat(logs.at(Level.ERROR, "Redis refuses to settle")).hasSize(1);
        raw.del(deadLetters);

        await().until(() -> stats(orders, "ledger").equals(figures(0, 0, 0, 3, 0, 1)));
    }

    /** Publishes, reads, takes over, settles. */
    private void recovers() {
        PublishReceipt next = orders.publish(OrderEvent.number(2));
        await().atMost(Duration.ofSeconds(3)).until(() -> handled.contains(next.id()));
        awaitFinished(orders, "billing");
        assertThat(subscription.state()).isEqualTo(SubscriptionState.RUNNING);
        assertThat(orders.admin().deadLetters("billing", 1)).isEqualTo(List.of());
    }
}
