package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Durability;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Publishing that waits for replicas: a master, and one replica that is frozen or killed. */
@ExtendWith(EmbeddedRedisExtension.class)
class ReplicationIT {

    private static final String STREAM = "oq:{orders:0}:s";
    private static final Duration SYNCHRONISED = Duration.ofSeconds(20);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private EmbeddedRedis replica;
    private RedisCommands<String, String> raw;

    @BeforeEach
    void startReplica(EmbeddedRedis redis) {
        raw = pubSubs.raw(redis);
        replica = replicaOf(redis);
        await().atMost(SYNCHRONISED).until(() -> raw.waitForReplication(1, 100) == 1);
    }

    @AfterEach
    void stopReplica() {
        raw.configSet("min-replicas-to-write", "0");
        replica.close();
    }

    @Test
    void aPublishReturnsOnceTheReplicaHasTheMessage(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, 1, Duration.ofSeconds(30)).topic("orders", OrderEvent.class);
        orders.publish(OrderEvent.number(1));
        replica.pause();

        CompletableFuture<PublishReceipt> receipt = orders.publishAsync(OrderEvent.number(2));

        await().during(Duration.ofMillis(1_500)).until(() -> !receipt.isDone());
        assertThat(raw.xlen(STREAM)).isEqualTo(2);
        replica.resume();
        assertThat(receipt).succeedsWithin(Duration.ofSeconds(10));
        assertThat(receipt.join().offset()).isEqualTo(2);
        assertThat(receipt.join().duplicate()).isFalse();
        assertThat(pubSubs.raw(replica).xlen(STREAM)).isEqualTo(2);
        assertThat(raw.xlen(STREAM)).isEqualTo(2);
    }

    @Test
    void withTooFewReplicasTheOutcomeIsUnknownAndSaysHowManyThereWere(EmbeddedRedis redis) {
        PubSub pubSub = open(redis, 2, Duration.ofSeconds(1));
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);

        assertThatExceptionOfType(PublishOutcomeUnknownException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(1)))
                .withMessage("the message may be stored or not: 1 of 2 replicas had acknowledged it within 1000 ms");
        assertThat(pubSub.durabilityShortfall())
                .contains("partition orders:0: 1 of 2 replicas had acknowledged it within 1000 ms");
        assertThat(raw.xlen(STREAM)).isEqualTo(1);
    }

    /** Nobody need publish for that: an application that is taken out of service for it publishes nothing. */
    @Test
    void theShortfallEndsWhenTheReplicaIsBack(EmbeddedRedis redis) {
        PubSub pubSub = open(redis, 1, Duration.ofSeconds(1));
        Topic<OrderEvent> orders =
                pubSub.topic(TopicSpec.of("orders", OrderEvent.class).partitions(3));
        assertThat(pubSub.durabilityShortfall()).isEmpty();
        replica.kill();

        List<CompletableFuture<PublishReceipt>> receipts = IntStream.range(0, 3)
                .mapToObj(OrderEvent::number)
                .map(orders::publishAsync)
                .toList();
        assertThat(receipts).allSatisfy(receipt -> assertThat(receipt)
                .failsWithin(Duration.ofSeconds(6))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishOutcomeUnknownException.class)
                .withMessageContaining("0 of 1 replicas"));
        assertThat(pubSub.durabilityShortfall()).isPresent();
        replica.restart();

        await().atMost(SYNCHRONISED).until(() -> pubSub.durabilityShortfall().isEmpty());
        assertThat(orders.publish(OrderEvent.number(4)).offset()).isEqualTo(2);
        assertThat(orders.admin().stats().messages()).isEqualTo(4);
        assertThat(logs.at(Level.WARN, "replicas are missing")).hasSize(1);
        assertThat(logs.at(Level.INFO, "there are enough replicas again")).hasSize(1);
    }

    @Test
    void aServerThatRefusesToWriteWithoutReplicasMeansCertainlyNotStored(EmbeddedRedis redis) {
        PubSub pubSub = open(redis, 1, Duration.ofSeconds(1));
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        raw.configSet("min-replicas-to-write", "1");
        raw.configSet("min-replicas-max-lag", "1");
        replica.kill();
        await().until(() -> raw.info("replication").contains("min_slaves_good_slaves:0"));

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(1)))
                .withMessageContaining("NOREPLICAS");
        assertThat(pubSub.durabilityShortfall()).get().asString().contains("NOREPLICAS");
        assertThat(raw.xlen(STREAM)).isZero();

        Topic<OrderEvent> patient = open(redis, 1, Duration.ofSeconds(30)).topic("orders", OrderEvent.class);
        CompletableFuture<PublishReceipt> receipt = patient.publishAsync(OrderEvent.number(1));
        replica.restart();
        assertThat(receipt).succeedsWithin(SYNCHRONISED);
        assertThat(raw.xlen(STREAM)).isEqualTo(1);
        await().until(() -> pubSub.durabilityShortfall().isEmpty());
    }

    /** Whatever the durability: a master that others have given up would go on taking messages. */
    @Test
    void withReplicasItIsWarnedThatMinReplicasToWriteIsZero(EmbeddedRedis redis) {
        PubSub careless = pubSubs.open(redis);
        await().until(() -> careless.durabilityWarning().isPresent());
        assertThat(logs.at(Level.WARN, "min-replicas-to-write is 0")).hasSize(1);
        logs.forget();

        raw.configSet("min-replicas-to-write", "1");
        PubSub careful = open(redis, 1, Duration.ofSeconds(10));
        careful.topic("orders", OrderEvent.class).publish(OrderEvent.number(1));

        assertThat(careful.durabilityWarning()).isEmpty();
        assertThat(logs.at(Level.WARN, "min-replicas-to-write")).isEmpty();
    }

    /** As in a failover: replicas of the server that answers now say nothing about a batch which that server has not. */
    @Test
    void aBatchThatTheServerHasLostMeanwhileIsStoredAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, 1, Duration.ofSeconds(30)).topic("orders", OrderEvent.class);
        replica.pause();
        CompletableFuture<PublishReceipt> receipt = orders.publishAsync(OrderEvent.number(1));
        await().until(() -> raw.xlen(STREAM) == 1);

        redis.flushAll();

        await().until(() -> raw.xlen(STREAM) == 1);
        replica.resume();
        assertThat(receipt).succeedsWithin(Duration.ofSeconds(10));
        assertThat(raw.xlen(STREAM)).isEqualTo(1);
        assertThat(pubSubs.raw(replica).xlen(STREAM)).isEqualTo(1);
    }

    /** WAIT goes to the master that has the partition, not to any node. */
    @Test
    void worksOnAClusterToo() {
        try (EmbeddedRedis master = EmbeddedRedis.builder()
                        .setting("cluster-enabled", "yes")
                        .start();
                EmbeddedRedis other = EmbeddedRedis.builder()
                        .setting("cluster-enabled", "yes")
                        .start()) {
            RedisCommands<String, String> node = pubSubs.raw(master);
            node.clusterAddSlots(IntStream.range(0, 16_384).toArray());
            pubSubs.raw(other).clusterMeet(master.host(), master.port());
            await().atMost(SYNCHRONISED).until(() -> node.clusterNodes().lines().count() == 2);
            await().atMost(SYNCHRONISED).ignoreExceptions().until(() -> pubSubs.raw(other)
                    .clusterReplicate(node.clusterMyId())
                    .equals("OK"));
            await().atMost(SYNCHRONISED).until(() -> node.clusterInfo().contains("cluster_state:ok"));
            await().atMost(SYNCHRONISED).until(() -> node.waitForReplication(1, 100) == 1);
            RedisClusterClient client = RedisClusterClient.create(RedisURI.create(GuideUsers.appOfCluster(master)));
            try (PubSub pubSub = OqronPubSub.builder(client)
                    .durability(Durability.replicas(1))
                    .publishTimeout(Duration.ofSeconds(1))
                    .build()) {
                Topic<OrderEvent> orders =
                        pubSub.topic(TopicSpec.of("orders", OrderEvent.class).partitions(3));
                assertThat(orders.publishBatch(Groups.events(9))).hasSize(9);

                other.kill();

                assertThatExceptionOfType(PublishOutcomeUnknownException.class)
                        .isThrownBy(() -> orders.publish(OrderEvent.number(10)))
                        .withMessageContaining("0 of 1 replicas");
            } finally {
                client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            }
        }
    }

    private PubSub open(EmbeddedRedis redis, int replicas, Duration publishTimeout) {
        return pubSubs.open(redis, builder -> builder.durability(Durability.replicas(replicas))
                .publishTimeout(publishTimeout));
    }

    private static EmbeddedRedis replicaOf(EmbeddedRedis master) {
        return EmbeddedRedis.builder()
                .setting("replicaof", master.host() + " " + master.port())
                .start();
    }
}
