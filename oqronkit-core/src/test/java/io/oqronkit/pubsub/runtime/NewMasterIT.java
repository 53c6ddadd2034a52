package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A replica takes over, the same address now leads to it, and connections to the old master stay open. */
class NewMasterIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final EmbeddedRedis old = EmbeddedRedis.start();
    private final EmbeddedRedis next = EmbeddedRedis.builder()
            .setting("replicaof", old.host() + " " + old.port())
            .start();
    private final RedisURI address = RedisURI.create(GuideUsers.app(old));
    private final Set<MessageId> handled = ConcurrentHashMap.newKeySet();
    private RedisCommands<String, String> oldMaster;
    private PubSub pubSub;
    private Topic<OrderEvent> orders;

    @BeforeEach
    void handleOneMessage() {
        GuideUsers.app(next);
        oldMaster = pubSubs.raw(old);
        await().atMost(Duration.ofSeconds(20)).until(() -> oldMaster.waitForReplication(1, 100) == 1);
        pubSub = pubSubs.open(pubSubs.client(address), builder -> builder);
        orders = pubSub.topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> handled.add(c.id())));
        MessageId first = orders.publish(OrderEvent.number(1)).id();
        await().until(() -> handled.contains(first) && oldMaster.waitForReplication(1, 100) == 1);
    }

    @AfterEach
    void stopServers() {
        next.close();
        old.close();
    }

    @Test
    void anOldMasterThatHasBecomeAReplicaIsLeft() {
        address.setPort(next.port());
        pubSubs.raw(next).replicaofNoOne();
        oldMaster.replicaof(next.host(), next.port());

        MessageId second = orders.publish(OrderEvent.number(2)).id();

        assertThat(pubSubs.raw(next).xlen("oq:{orders:0}:s")).isEqualTo(2);
        await().until(() -> handled.contains(second));
        assertThat(logs.at(Level.WARN, "READONLY")).isNotEmpty();
    }

    /** Tries to connect that hang at the old master are not waited for, and readers do not wait for their long reads to fail. */
    @Test
    void anOldMasterThatIsFrozenIsLeftByIdleReadersAsSoonAsItsSilenceIsNoticed() {
        pubSubs.raw(next).replicaofNoOne();
        Topic<OrderEvent> atTheNewMaster = pubSubs.open(next).topic("orders", OrderEvent.class);

        old.pause();
        await().atMost(Duration.ofSeconds(5)).until(() -> pubSub.redisOutage().isPresent());
        address.setPort(next.port());
        MessageId second = atTheNewMaster.publish(OrderEvent.number(2)).id();

        await().atMost(Duration.ofSeconds(3)).until(() -> handled.contains(second));
        old.resume();
    }
}
