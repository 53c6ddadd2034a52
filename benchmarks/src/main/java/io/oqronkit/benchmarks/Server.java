package io.oqronkit.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The one Redis of a run, on this machine, with a connection to look at it. */
final class Server implements AutoCloseable {

    private static final long LARGE_FILE = 512L << 20;

    private final EmbeddedRedis redis;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private Server(EmbeddedRedis redis) {
        this.redis = redis;
        this.client = RedisClient.create(redis.uri());
        this.connection = client.connect();
        connection.setTimeout(Duration.ofMinutes(2));
    }

    /** Redis must not rewrite its append-only file while something is measured: {@link #empty()} does it instead. */
    static Server start(Options options) {
        EmbeddedRedis.Builder builder = EmbeddedRedis.builder().setting("auto-aof-rewrite-percentage", "0");
        if (options.redis() != null) {
            builder.binary(options.redis());
        }
        if (options.aof().equals("no")) {
            builder.setting("appendonly", "no");
        } else {
            builder.setting("appendfsync", options.aof());
        }
        return new Server(builder.start());
    }

    String uri() {
        return redis.uri();
    }

    String host() {
        return redis.host();
    }

    int port() {
        return redis.port();
    }

    String version() {
        return redis.version();
    }

    void empty() {
        connection.sync().flushall();
        if (number("persistence", "aof_current_size") > LARGE_FILE) {
            connection.sync().bgrewriteaof();
            while (number("persistence", "aof_rewrite_in_progress") + number("persistence", "aof_rewrite_scheduled")
                    > 0) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    /** CPU time of the Redis process so far, in seconds. */
    double cpuSeconds() {
        Map<String, String> cpu = info("cpu");
        return Double.parseDouble(cpu.get("used_cpu_user")) + Double.parseDouble(cpu.get("used_cpu_sys"));
    }

    long usedMemory() {
        return number("memory", "used_memory");
    }

    /** How often each command was executed so far, by name; a subcommand counts as its command. */
    Map<String, Long> commands() {
        Map<String, Long> calls = new HashMap<>();
        info("commandstats").forEach((name, value) -> {
            String command = name.substring("cmdstat_".length()).split("\\|", 2)[0];
            long count = Long.parseLong(value.substring("calls=".length(), value.indexOf(',')));
            calls.merge(command, count, Long::sum);
        });
        return calls;
    }

    private long number(String section, String name) {
        return Long.parseLong(info(section).getOrDefault(name, "0"));
    }

    private Map<String, String> info(String section) {
        Map<String, String> values = new HashMap<>();
        connection.sync().info(section).lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1));
            }
        });
        return values;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        redis.close();
    }
}
