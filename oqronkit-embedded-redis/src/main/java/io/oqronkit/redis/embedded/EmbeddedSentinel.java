package io.oqronkit.redis.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A master, its replicas and three Sentinels that watch them, as child processes on 127.0.0.1, to try a failover; not for
 * production.
 *
 * <pre>{@code
 * try (EmbeddedSentinel redis = EmbeddedSentinel.start()) {
 *     RedisClient client = RedisClient.create(redis.uri());
 *     redis.master().kill(); // the Sentinels promote a replica within some seconds
 *     ...
 * }
 * }</pre>
 *
 * <p>Every process is an {@link EmbeddedRedis}, chosen, guarded and ended as that says. A master that was killed and is
 * {@linkplain EmbeddedRedis#restart() restarted} begins as a master: the Sentinels make it a replica some 10 s later, as they do
 * with one that was paused.
 *
 * <p>Instances are safe for use by several threads.
 */
public final class EmbeddedSentinel implements AutoCloseable {

    private static final String NAME = "oqronkit";
    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final long PAUSE_MS = 20;
    private static final Pattern MASTER =
            Pattern.compile("master0:.*address=[^,]*:(\\d+),slaves=(\\d+),sentinels=(\\d+)");

    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private final List<EmbeddedRedis> sentinels = new ArrayList<>();

    private EmbeddedSentinel(Builder settings) {
        try {
            EmbeddedRedis master = settings.server(Map.of()).start();
            servers.add(master);
            for (int i = 0; i < settings.replicas; i++) {
                servers.add(settings.server(Map.of("replicaof", master.host() + " " + master.port()))
                        .start());
            }
            await("the replicas have the master's data", () -> online(master) == settings.replicas);
            for (int i = 0; i < SENTINELS; i++) {
                sentinels.add(settings.sentinel(master).start());
            }
            await("every Sentinel knows all", () -> sentinels.stream()
                    .allMatch(sentinel -> knows(sentinel, settings.replicas)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts one replica and else all defaults, and returns once the Sentinels would fail over.
     *
     * @throws NoRedisBinaryException if there is no server program to run
     * @throws EmbeddedRedisException if the servers do not find each other within 20 s
     */
    public static EmbeddedSentinel start() {
        return builder().start();
    }

    /** A builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code redis-sentinel://127.0.0.1:<port>,...#oqronkit}, as Lettuce takes it. */
    public String uri() {
        return "redis-sentinel://" + String.join(",", nodes()) + "#" + NAME;
    }

    /** The Sentinels' addresses, {@code 127.0.0.1:<port>}, as {@code spring.data.redis.sentinel.nodes} takes them. */
    public List<String> nodes() {
        return sentinels.stream()
                .map(sentinel -> sentinel.host() + ":" + sentinel.port())
                .toList();
    }

    /** What the Sentinels call the master: {@code oqronkit}. */
    public String masterName() {
        return NAME;
    }

    /**
     * The server that clients are sent to now; another one after a failover.
     *
     * @throws EmbeddedRedisException if no Sentinel answers
     */
    public EmbeddedRedis master() {
        int port = sentinels.stream()
                .map(EmbeddedSentinel::state)
                .filter(Matcher::find)
                .map(state -> Integer.parseInt(state.group(1)))
                .findFirst()
                .orElseThrow(() -> new EmbeddedRedisException("No Sentinel names a master"));
        return servers.stream()
                .filter(server -> server.port() == port)
                .findFirst()
                .orElseThrow(
                        () -> new EmbeddedRedisException("The Sentinels name a server of others, on port " + port));
    }

    /** All other servers, running or not, among them a master that was deposed. */
    public List<EmbeddedRedis> replicas() {
        EmbeddedRedis master = master();
        return servers.stream().filter(server -> server != master).toList();
    }

    /** The Sentinels, in the order of {@link #nodes()}; {@link EmbeddedRedis#uri()} of them is of no use. */
    public List<EmbeddedRedis> sentinels() {
        return List.copyOf(sentinels);
    }

    /**
     * Makes or changes a user on the master and every replica, as {@link EmbeddedRedis#addUser}; the Sentinels have none.
     *
     * @return {@code redis-sentinel://<name>:<password>@127.0.0.1:<port>,...#oqronkit}
     */
    public String addUser(String name, String password, String rules) {
        servers.forEach(server -> server.addUser(name, password, rules));
        return "redis-sentinel://" + name + ':' + password + '@' + String.join(",", nodes()) + "#" + NAME;
    }

    /** Stops all processes and deletes their folders. */
    @Override
    public void close() {
        sentinels.forEach(EmbeddedRedis::close); // first, so that they do not fail over
        servers.forEach(EmbeddedRedis::close);
    }

    @Override
    public String toString() {
        return "EmbeddedSentinel[" + uri() + ", servers " + servers + ']';
    }

    private static Matcher state(EmbeddedRedis sentinel) {
        return MASTER.matcher(info(sentinel, "sentinel"));
    }

    private static boolean knows(EmbeddedRedis sentinel, int replicas) {
        Matcher state = state(sentinel);
        return state.find()
                && Integer.parseInt(state.group(2)) == replicas
                && Integer.parseInt(state.group(3)) == SENTINELS;
    }

    private static String info(EmbeddedRedis server, String section) {
        try {
            return RedisSocket.call(server.port(), "INFO " + section, ANSWER);
        } catch (IOException away) {
            return "";
        }
    }

    private static long online(EmbeddedRedis master) {
        return info(master, "replication")
                .lines()
                .filter(line -> line.startsWith("slave") && line.contains("state=online"))
                .count();
    }

    private void await(String what, BooleanSupplier condition) {
        for (long end = System.nanoTime() + DEADLINE.toNanos(); !condition.getAsBoolean(); pause()) {
            if (System.nanoTime() > end) {
                throw new EmbeddedRedisException("Not within " + DEADLINE.toSeconds() + " s: " + what + ". Logs: "
                        + Stream.concat(servers.stream(), sentinels.stream())
                                .map(server -> server + ":\n" + server.folder.lastOutput())
                                .collect(Collectors.joining("\n")));
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedRedisException("Interrupted while waiting for Sentinel", e);
        }
    }

    /** Settings of an {@link EmbeddedSentinel}. Not safe for use by several threads. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private int replicas = 1;
        private Duration downAfter = Duration.ofMillis(1_500);
        private Duration failoverTimeout = Duration.ofSeconds(10);

        private Builder() {
            settings.put("repl-diskless-sync-delay", "0");
        }

        /** How many replicas the master has, 1 to 5; default 1. */
        public Builder replicas(int replicas) {
            if (replicas < 1 || replicas > 5) {
                throw new IllegalArgumentException("replicas must be from 1 to 5, was " + replicas);
            }
            this.replicas = replicas;
            return this;
        }

        /** How long a server must be silent to be taken for dead, at least 100 ms; default 1.5 s. */
        public Builder downAfter(Duration downAfter) {
            this.downAfter = atLeast100Ms("downAfter", downAfter);
            return this;
        }

        /**
         * How long a failover may take before it is tried again, and how long a replica may follow a wrong master, at least
         * 100 ms; default 10 s.
         */
        public Builder failoverTimeout(Duration failoverTimeout) {
            this.failoverTimeout = atLeast100Ms("failoverTimeout", failoverTimeout);
            return this;
        }

        /** One line of the configuration of the master and of every replica, as {@link EmbeddedRedis.Builder#setting}. */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Starts all processes and returns once the Sentinels would fail over.
         *
         * @throws NoRedisBinaryException if there is no server program to run
         * @throws EmbeddedRedisException if the servers do not find each other within 20 s
         */
        public EmbeddedSentinel start() {
            return new EmbeddedSentinel(this);
        }

        private static Duration atLeast100Ms(String argument, Duration value) {
            if (value.toMillis() < 100) {
                throw new IllegalArgumentException(
                        argument + " must be at least 100 ms, was " + value.toMillis() + " ms");
            }
            return value;
        }

        private EmbeddedRedis.Builder server(Map<String, String> more) {
            EmbeddedRedis.Builder server = EmbeddedRedis.builder();
            settings.forEach(server::setting);
            more.forEach(server::setting);
            return server;
        }

        private EmbeddedRedis.Builder sentinel(EmbeddedRedis master) {
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("sentinel monitor", "%s %s %d %d".formatted(NAME, master.host(), master.port(), QUORUM));
            lines.put("sentinel down-after-milliseconds", NAME + " " + downAfter.toMillis());
            lines.put("sentinel failover-timeout", NAME + " " + failoverTimeout.toMillis());
            return EmbeddedRedis.builder().sentinel(lines);
        }
    }
}
