package io.oqronkit.pubsub.runtime;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Opens PubSubs against a Redis, each as if it were a process of its own and as the user {@code app} of the guide, and
 * closes them after the test.
 */
final class PubSubs implements AfterEachCallback {

    private final List<AbstractRedisClient> clients = new ArrayList<>();
    private final List<PubSub> opened = new ArrayList<>();

    PubSub open(EmbeddedRedis redis) {
        return open(redis, builder -> builder);
    }

    PubSub open(EmbeddedRedis redis, UnaryOperator<OqronPubSub> settings) {
        return open(client(GuideUsers.app(redis)), settings);
    }

    PubSub open(String uri) {
        return open(client(uri), builder -> builder);
    }

    PubSub open(AbstractRedisClient client, UnaryOperator<OqronPubSub> settings) {
        PubSub pubSub = settings.apply(OqronPubSub.builder(client)).build();
        opened.add(pubSub);
        return pubSub;
    }

    PubSub open(EmbeddedRedisCluster cluster, UnaryOperator<OqronPubSub> settings) {
        return open(client(cluster), settings);
    }

    /** As {@link OqronPubSub#clusterOptions} says, and shut down after the test. */
    RedisClusterClient client(EmbeddedRedisCluster cluster) {
        RedisClusterClient client = RedisClusterClient.create(GuideUsers.app(cluster).stream()
                .map(uri -> RedisURI.builder(RedisURI.create(uri))
                        .withTimeout(Duration.ofSeconds(2))
                        .build())
                .toList());
        client.setOptions(OqronPubSub.clusterOptions(ClientOptions.create()));
        clients.add(client);
        return client;
    }

    /** A client of one who may do everything, which is shut down after the test. */
    RedisClient client(EmbeddedRedis redis) {
        return client(redis.uri());
    }

    RedisClient client(String uri) {
        return client(RedisURI.create(uri));
    }

    RedisClient client(RedisURI uri) {
        RedisClient client = RedisClient.create(uri);
        clients.add(client);
        return client;
    }

    /** A plain connection, to look at Redis or to harm it. */
    RedisCommands<String, String> raw(EmbeddedRedis redis) {
        return client(redis).connect().sync();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        CompletableFuture.allOf(opened.stream()
                        .map(pubSub -> CompletableFuture.runAsync(
                                pubSub::close, task -> new Thread(task, "close-pubsub").start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        clients.forEach(client -> client.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
        opened.clear();
        clients.clear();
    }
}
