package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import java.time.Duration;

/** What the client of a cluster must be told; see {@code OqronPubSub.clusterOptions}. */
public final class ClusterOptions {

    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private ClusterOptions() {}

    /**
     * Commands are rejected while the node is not connected to, rather than sent a second time; connections come back by
     * themselves; and the cluster is looked at every 5 s and, at most once a second, when something hints at a change.
     */
    public static ClusterClientOptions of(ClientOptions others) {
        ClusterClientOptions given = others instanceof ClusterClientOptions cluster
                ? cluster
                : ClusterClientOptions.builder(others).build();
        return given.mutate()
                .protocolVersion(ProtocolVersion.RESP3)
                .autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .dynamicRefreshSources(given.getTopologyRefreshOptions().useDynamicRefreshSources())
                        .enablePeriodicRefresh(LOOK_EVERY)
                        .adaptiveRefreshTriggersTimeout(LOOK_AGAIN_AFTER)
                        .refreshTriggersReconnectAttempts(1)
                        .build())
                .build();
    }
}
