package io.oqronkit.redis.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis Cluster of child processes on 127.0.0.1, for tests; not for production. Each node is an
 * {@link EmbeddedRedis} and can be killed, paused and restarted as such.
 *
 * <pre>{@code
 * try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start(3, 1)) {
 *     RedisClusterClient client = RedisClusterClient.create(cluster.uris().stream().map(RedisURI::create).toList());
 *     ...
 * }
 * }</pre>
 *
 * <p>The slots are spread evenly over the masters, in order. A node that does not answer for 2 s counts as failed, and one
 * of its replicas takes over; who is a master changes then, while {@link #masters()} stays as it was at the start.
 *
 * <p>Instances are safe for use by several threads.
 */
public final class EmbeddedRedisCluster implements AutoCloseable {

    private final List<EmbeddedRedis> masters;
    private final List<EmbeddedRedis> replicas;

    private EmbeddedRedisCluster(List<EmbeddedRedis> masters, List<EmbeddedRedis> replicas) {
        this.masters = List.copyOf(masters);
        this.replicas = List.copyOf(replicas);
    }

    /**
     * Starts a cluster with all defaults and returns once every node finds it in order.
     *
     * @throws NoRedisBinaryException if there is no server program to run
     * @throws EmbeddedRedisException if a node does not start within 10 s, or the cluster does not form within 30 s
     */
    public static EmbeddedRedisCluster start(int masters, int replicasOfEach) {
        return builder().masters(masters).replicasOfEach(replicasOfEach).start();
    }

    /** A builder with all defaults: 3 masters without replicas. */
    public static Builder builder() {
        return new Builder();
    }

    /** The nodes that were masters at the start. */
    public List<EmbeddedRedis> masters() {
        return masters;
    }

    /** The nodes that were replicas at the start: first one of each master, in their order, then the next of each. */
    public List<EmbeddedRedis> replicas() {
        return replicas;
    }

    /** All nodes: {@link #masters()}, then {@link #replicas()}. */
    public List<EmbeddedRedis> nodes() {
        return Stream.concat(masters.stream(), replicas.stream()).toList();
    }

    /** {@code redis://127.0.0.1:<port>} of all nodes. */
    public List<String> uris() {
        return nodes().stream().map(EmbeddedRedis::uri).toList();
    }

    /** {@code host:port} of all nodes, separated by commas, as {@code spring.data.redis.cluster.nodes} takes them. */
    public String hostsAndPorts() {
        return nodes().stream().map(node -> node.host() + ':' + node.port()).collect(Collectors.joining(","));
    }

    /**
     * Makes or changes a user on every node, as {@link EmbeddedRedis#addUser}.
     *
     * @return {@code redis://<name>:<password>@127.0.0.1:<port>} of all nodes
     */
    public List<String> addUser(String name, String password, String rules) {
        return nodes().stream().map(node -> node.addUser(name, password, rules)).toList();
    }

    /** Stops all nodes and deletes their data. A second call does nothing. */
    @Override
    public void close() {
        replicas.forEach(EmbeddedRedis::close);
        masters.forEach(EmbeddedRedis::close);
    }

    @Override
    public String toString() {
        return "EmbeddedRedisCluster[" + hostsAndPorts() + ']';
    }

    /** Settings of an {@link EmbeddedRedisCluster}. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MOST_MASTERS = 100;
        private static final int MOST_REPLICAS = 5;

        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Path binary;
        private int masters = 3;
        private int replicasOfEach;

        private Builder() {
            settings.put("cluster-enabled", "yes");
            settings.put("cluster-node-timeout", "2000");
            settings.put("repl-diskless-sync-delay", "0");
        }

        /** How many masters share the slots, 1 to 100; default 3. */
        public Builder masters(int masters) {
            this.masters = between("masters", masters, 1, MOST_MASTERS);
            return this;
        }

        /** How many replicas each master has, 0 to 5; default 0. */
        public Builder replicasOfEach(int replicasOfEach) {
            this.replicasOfEach = between("replicasOfEach", replicasOfEach, 0, MOST_REPLICAS);
            return this;
        }

        /** The server program to run; default as {@link EmbeddedRedis.Builder#binary}. */
        public Builder binary(Path binary) {
            this.binary = binary;
            return this;
        }

        /** One line of each node's configuration, as {@link EmbeddedRedis.Builder#setting}. The last value wins. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Starts the nodes and returns once every one finds the cluster in order.
         *
         * @throws NoRedisBinaryException if there is no server program to run
         * @throws EmbeddedRedisException if a node does not start within 10 s, or the cluster does not form within 30 s
         */
        public EmbeddedRedisCluster start() {
            List<EmbeddedRedis> started = new ArrayList<>();
            try {
                for (int i = 0; i < masters * (1 + replicasOfEach); i++) {
                    started.add(node());
                }
                List<EmbeddedRedis> first = started.subList(0, masters);
                List<EmbeddedRedis> others = started.subList(masters, started.size());
                ClusterForming.of(first, others).await();
                return new EmbeddedRedisCluster(first, others);
            } catch (RuntimeException e) {
                started.forEach(EmbeddedRedis::close);
                throw e;
            }
        }

        private EmbeddedRedis node() {
            EmbeddedRedis.Builder node = EmbeddedRedis.builder();
            settings.forEach(node::setting);
            if (binary != null) {
                node.binary(binary);
            }
            return node.start();
        }

        private static int between(String name, int value, int min, int max) {
            if (value < min || value > max) {
                throw new IllegalArgumentException("%s must be from %d to %d, was %d".formatted(name, min, max, value));
            }
            return value;
        }
    }
}
