package io.oqronkit.faults.work;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients for what {@code uri} says: one address, or several with commas between, which are those of a cluster. */
public final class Servers {

    private static final Duration LOOK_AT_A_NODE = Duration.ofSeconds(2);

    private static final Delay RECONNECT_DELAY =
            Delay.fullJitter(Duration.ofMillis(10), Duration.ofSeconds(1), 10, TimeUnit.MILLISECONDS);

    private Servers() {}

    public static AbstractRedisClient client(String uri) {
        return uri.contains(",redis:") ? cluster(uri) : RedisClient.create(uri);
    }

    private static RedisClusterClient cluster(String uris) {
        List<RedisURI> nodes = Arrays.stream(uris.split(","))
                .map(uri -> RedisURI.builder(RedisURI.create(uri))
                        .withTimeout(LOOK_AT_A_NODE)
                        .build())
                .toList();
        ClientResources resources =
                ClientResources.builder().reconnectDelay(RECONNECT_DELAY).build();
        RedisClusterClient client = RedisClusterClient.create(resources, nodes);
        client.setOptions(OqronPubSub.clusterOptions(ClientOptions.create()));
        return client;
    }

    /** Commands over a connection of their own. */
    public static RedisClusterCommands<byte[], byte[]> bytes(AbstractRedisClient client) {
        if (client instanceof RedisClusterClient cluster) {
            StatefulRedisClusterConnection<byte[], byte[]> connection = cluster.connect(ByteArrayCodec.INSTANCE);
            cluster.getPartitions()
                    .forEach(node -> connection.getConnection(
                            node.getUri().getHost(), node.getUri().getPort())); // else the first command is rejected
            return connection.sync();
        }
        return ((RedisClient) client).connect(ByteArrayCodec.INSTANCE).sync();
    }
}
