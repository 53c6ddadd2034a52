package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to a cluster. One is in truth one to each master that is spoken to, and Lettuce keeps those: it makes
 * them anew when they break, follows slots that move, and learns of new masters. The timeout of commands that it was told
 * does not reach them, so {@link RedisLink}'s own is always shorter.
 */
final class ClusterConnector implements Connector {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");
    private static final long PATIENCE_MS = 1_000;

    private final RedisClusterClient client;

    ClusterConnector(RedisClusterClient client) {
        this.client = client;
        ClientOptions options = client.getOptions();
        if (!options.isAutoReconnect()
                || options.getDisconnectedBehavior() != DisconnectedBehavior.REJECT_COMMANDS
                || !(options instanceof ClusterClientOptions cluster)
                || !cluster.isRefreshClusterView()) {
            log.warn(
                    "the RedisClusterClient was not made with ClusterOptions: a failover may be noticed late, and Lettuce may"
                            + " send commands a second time");
        }
    }

    /** Lettuce does so by itself when a connection breaks, but not when a node could not be connected to at all. */
    @Override
    public void lookAround() {
        client.refreshPartitionsAsync().whenComplete((done, error) -> {
            if (error != null) {
                log.debug("the cluster could not be looked at", error);
            }
        });
    }

    /** Stands when every master is connected to, or at least tried: commands do not wait for a connection. */
    @Override
    public Line connect() {
        StatefulRedisClusterConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
        connection.setTimeout(Duration.ZERO);
        try {
            Masters.all(Masters.ask(connection.async(), node -> CompletableFuture.completedFuture("")))
                    .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("a master of the cluster is out of reach", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Line(connection, connection.async());
    }
}
