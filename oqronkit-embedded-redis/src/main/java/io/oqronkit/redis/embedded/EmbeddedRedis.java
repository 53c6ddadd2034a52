package io.oqronkit.redis.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis (or Valkey) server as a child process on 127.0.0.1, for first runs and tests; not for production.
 *
 * <pre>{@code
 * try (EmbeddedRedis redis = EmbeddedRedis.start()) {
 *     RedisClient client = RedisClient.create(redis.uri());
 *     ...
 * }
 * }</pre>
 *
 * <p>The server program is a named one, else {@code redis-server} 6.2 or newer or {@code valkey-server} from the PATH,
 * else one that comes with this library (Linux and macOS on amd64 and arm64). By default it listens on a free port,
 * writes an append-only file synced every second, takes no snapshots, and keeps its data in a temporary folder, which
 * {@link #close()} deletes. The server's output is in {@code embedded-redis.log} in that folder.
 *
 * <p>The server ends with this JVM even when the JVM is killed, but not before the JVM has really ended: shutdown hooks
 * can still use it. A Ctrl-C in the terminal does not reach it.
 *
 * <p>Instances are safe for use by several threads; operations on one instance exclude each other.
 */
public final class EmbeddedRedis implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

    private final Object lock = new Object();
    private final RedisBinary binary;
    final DataFolder folder;
    private final int port;
    private final String option;
    private volatile RedisProcess process;
    private boolean closed;

    private EmbeddedRedis(RedisBinary binary, DataFolder folder, int port, String option) {
        this.binary = binary;
        this.folder = folder;
        this.port = port;
        this.option = option;
        this.process = launch();
    }

    /**
     * Starts a server with all defaults and returns once it answers.
     *
     * @throws NoRedisBinaryException if there is no server program to run
     * @throws EmbeddedRedisException if it does not answer within 10 s; the message carries its last output
     */
    public static EmbeddedRedis start() {
        return builder().start();
    }

    /** A builder with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The address the server listens on, always {@code 127.0.0.1}. */
    public String host() {
        return HOST;
    }

    /** The port the server listens on; the same for the life of this instance. */
    public int port() {
        return port;
    }

    /** {@code redis://127.0.0.1:<port>}. */
    public String uri() {
        return "redis://" + HOST + ':' + port;
    }

    /** The process id of the server itself, of its last run if it is not running; changes with {@link #restart()}. */
    public long pid() {
        return process.pid();
    }

    /** The version the server program reports, such as {@code 6.2.11}. */
    public String version() {
        return binary.version();
    }

    /** The folder with the data, configuration and log of the server. */
    public Path dataDirectory() {
        return folder.path();
    }

    /** Whether the server process exists; true also while it is paused. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** Deletes all data: FLUSHALL. */
    public void flushAll() {
        synchronized (lock) {
            RedisSocket.order(port, "FLUSHALL", "FLUSHALL", COMMAND_TIMEOUT);
        }
    }

    /**
     * Makes or changes a user, to show what an application may do with certain permissions; restarts keep it.
     *
     * @param name letters, digits and hyphens, as the password
     * @param rules as {@code ACL SETUSER} takes them, for example {@code ~orders:* +get +set}
     * @return {@code redis://<name>:<password>@127.0.0.1:<port>}
     * @throws EmbeddedRedisException with the server's words if it refuses the rules
     */
    public String addUser(String name, String password, String rules) {
        RedisUser user = new RedisUser(name, password, rules);
        synchronized (lock) {
            requireOpen();
            RedisSocket.order(port, "ACL SETUSER " + name, user.command(), COMMAND_TIMEOUT);
            folder.keep(user);
        }
        return "redis://" + name + ':' + password + '@' + HOST + ':' + port;
    }

    /** Kills the server at once (SIGKILL), as a crash would. Its data stay; {@link #restart()} brings it back. */
    public void kill() {
        synchronized (lock) {
            process.kill();
        }
    }

    /**
     * Stops the server in good order if it runs, starts it again with the same port, settings and data, and returns
     * once it has loaded them and answers.
     *
     * @throws EmbeddedRedisException if it does not answer within 10 s, the time it says it is loading not counted
     * @throws IllegalStateException after {@link #close()}
     */
    public void restart() {
        synchronized (lock) {
            requireOpen();
            process.stop();
            process = launch();
        }
    }

    /** Freezes the server (SIGSTOP): connections stay open, nothing is answered until {@link #resume()}. */
    public void pause() {
        synchronized (lock) {
            requireOpen();
            process.signal("STOP");
        }
    }

    /** Lets a paused server go on (SIGCONT); no effect on one that is not paused. */
    public void resume() {
        synchronized (lock) {
            requireOpen();
            process.signal("CONT");
        }
    }

    /** Stops the server and deletes its data folder, unless that was given. A second call does nothing. */
    @Override
    public void close() {
        synchronized (lock) {
            if (!closed) {
                closed = true;
                process.stop();
                folder.deleteIfTemporary();
            }
        }
    }

    @Override
    public String toString() {
        return "EmbeddedRedis[" + uri() + ", version " + version() + ", pid " + pid() + ", " + dataDirectory() + ']';
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    private RedisProcess launch() {
        RedisProcess started = RedisProcess.launch(binary, folder, option);
        try {
            Readiness.await(started, port);
            return started;
        } catch (EmbeddedRedisException e) {
            started.kill();
            throw new EmbeddedRedisException(
                    "Redis " + binary.version() + " (" + binary.path() + ") did not start. " + e.getMessage()
                            + ". Its last output:\n" + folder.lastOutput(),
                    e);
        }
    }

    /** Settings of an {@link EmbeddedRedis}. Not safe for use by several threads. */
    public static final class Builder {

        private static final Set<String> OURS =
                Set.of("bind", "daemonize", "dir", "logfile", "port", "requirepass", "supervised", "unixsocket");
        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
        private static final int ATTEMPTS = 5;

        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Path binary;
        private @Nullable Path dataDirectory;
        private int port;
        private String option = "";

        private Builder() {
            settings.put("save", "");
            settings.put("appendonly", "yes");
            settings.put("appendfsync", "everysec");
        }

        /**
         * The server program to run. Default: that of the system property {@code oqronkit.embedded-redis.binary} or the
         * environment variable {@code OQRONKIT_EMBEDDED_REDIS_BINARY}, else one from the PATH, else the bundled one. The
         * name {@code bundled} chooses that whatever is on the PATH.
         */
        public Builder binary(Path binary) {
            this.binary = binary;
            return this;
        }

        /** The port to listen on, 1 to 65535; 0, the default, picks a free one. */
        public Builder port(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port must be from 0 to 65535, was " + port);
            }
            this.port = port;
            return this;
        }

        /**
         * Keeps the data in this folder, which is created if need be and never deleted, so that the next server on it
         * finds them. One server at a time. Default: a temporary folder, deleted at the end.
         */
        public Builder dataDirectory(Path dataDirectory) {
            this.dataDirectory = dataDirectory;
            return this;
        }

        /**
         * One line of the server's configuration, the value written as in {@code redis.conf}, for example
         * {@code setting("appendfsync", "always")}. The last value of a name wins.
         *
         * @throws IllegalArgumentException for a name that this class itself sets, and for passwords, which it could not
         *     use to see whether the server is ready
         */
        public Builder setting(String name, String value) {
            if (!NAME.matcher(name).matches() || OURS.contains(name)) {
                throw new IllegalArgumentException("setting name must match " + NAME + " and be none of "
                        + OURS.stream().sorted().toList() + ", was '" + name + "'");
            }
            if (value.lines().count() > 1) {
                throw new IllegalArgumentException("setting " + name + " must be one line, was '" + value + "'");
            }
            settings.put(name, value);
            return this;
        }

        /** Runs it as a Sentinel, with these settings alone; it rewrites them as it learns. */
        Builder sentinel(Map<String, String> sentinelSettings) {
            option = "--sentinel";
            settings.clear();
            settings.putAll(sentinelSettings);
            return this;
        }

        /**
         * Starts the server and returns once it answers.
         *
         * @throws NoRedisBinaryException if there is no server program to run
         * @throws EmbeddedRedisException if it does not answer within 10 s; the message carries its last output
         */
        public EmbeddedRedis start() {
            RedisBinary program = RedisBinarySearch.choose(binary);
            DataFolder folder = DataFolder.open(dataDirectory);
            try {
                return start(program, folder);
            } catch (RuntimeException e) {
                folder.deleteIfTemporary();
                throw e;
            }
        }

        private EmbeddedRedis start(RedisBinary program, DataFolder folder) {
            for (int attempt = 1; ; attempt++) {
                int candidate = port == 0 ? Ports.free(settings.containsKey("cluster-enabled")) : port;
                folder.prepare(candidate, settings);
                try {
                    return new EmbeddedRedis(program, folder, candidate, option);
                } catch (EmbeddedRedisException e) {
                    boolean lostRace = port == 0 && folder.lastOutput().contains("Address already in use");
                    if (!lostRace || attempt == ATTEMPTS) {
                        throw e;
                    }
                }
            }
        }
    }
}
