package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** On Redis Cluster, of one node, as the user of the guide, who is refused nothing. */
class ClusterIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int SLOTS = 16_384;

    static final class Handler {
        final List<String> handled = new CopyOnWriteArrayList<>();

        @OqronSubscriber(topic = "orders", group = "billing")
        void on(String order) {
            handled.add(order);
        }
    }

    @Test
    void worksOnAClusterAndGoesOnAfterItsNodeWasKilled() {
        try (EmbeddedRedis node = EmbeddedRedis.builder()
                        .setting("cluster-enabled", "yes")
                        .start();
                RedisClient client = RedisClient.create(node.uri())) {
            RedisCommands<String, String> raw = client.connect().sync();
            raw.clusterAddSlots(IntStream.range(0, SLOTS).toArray());
            await().atMost(SOON).until(() -> raw.clusterInfo().contains("cluster_state:ok"));
            GuideUsers.appOfCluster(node);
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(DataRedisAutoConfiguration.class, PubSubAutoConfiguration.class))
                    .withBean(Handler.class)
                    .withPropertyValues(
                            "spring.data.redis.username=" + GuideUsers.APP,
                            "spring.data.redis.password=" + GuideUsers.PASSWORD,
                            "spring.data.redis.cluster.nodes=" + node.host() + ':' + node.port())
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        List<String> handled = context.getBean(Handler.class).handled;
                        Topic<String> orders = context.getBean(PubSub.class).topic("orders", String.class);
                        orders.publish("before");
                        await().atMost(SOON).until(() -> handled.equals(List.of("before")));
                        assertRefusedNothing(raw); // the log is gone when it is killed

                        node.kill();
                        node.restart();
                        orders.publish("after");

                        await().atMost(SOON).until(() -> handled.contains("after"));
                    });
            assertRefusedNothing(raw);
        }
    }

    /** But to tell the client's name and version. Redis 6.2 does not tell subcommands. */
    private static void assertRefusedNothing(RedisCommands<String, String> raw) {
        assertThat(raw.aclLog())
                .allSatisfy(entry -> assertThat(entry.get("object")).isIn("client|setinfo", "client"));
    }
}
