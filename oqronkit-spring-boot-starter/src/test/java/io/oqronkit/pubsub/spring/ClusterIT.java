package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
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

/** On Redis Cluster, of one node: starts, handles, and goes on after the node was killed. */
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
        try (EmbeddedRedis node =
                EmbeddedRedis.builder().setting("cluster-enabled", "yes").start()) {
            takeAllSlots(node);
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(DataRedisAutoConfiguration.class, PubSubAutoConfiguration.class))
                    .withBean(Handler.class)
                    .withPropertyValues("spring.data.redis.cluster.nodes=" + node.host() + ":" + node.port())
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        List<String> handled = context.getBean(Handler.class).handled;
                        Topic<String> orders = context.getBean(PubSub.class).topic("orders", String.class);
                        orders.publish("before");
                        await().atMost(SOON).until(() -> handled.equals(List.of("before")));

                        node.kill();
                        node.restart();
                        orders.publish("after");

                        await().atMost(SOON).until(() -> handled.contains("after"));
                    });
        }
    }

    private static void takeAllSlots(EmbeddedRedis node) {
        RedisClient client = RedisClient.create(RedisURI.create(node.host(), node.port()));
        try {
            RedisCommands<String, String> commands = client.connect().sync();
            commands.clusterAddSlots(IntStream.range(0, SLOTS).toArray());
            await().atMost(SOON).until(() -> commands.clusterInfo().contains("cluster_state:ok"));
        } finally {
            client.shutdown();
        }
    }
}
