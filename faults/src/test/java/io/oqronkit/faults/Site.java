package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.oqronkit.faults.harm.FaultProxy;
import io.oqronkit.faults.harm.ServerWatch;
import io.oqronkit.faults.work.Servers;
import io.oqronkit.faults.work.Task;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a run takes place: a Redis or several. The library connects as the user {@code app} of the guide, who may do no more than
 * it needs; what looks at a server or harms it is an administrator. For one test thread.
 */
final class Site implements AutoCloseable {

    /** Administrators, Sentinels, replicas and masters, in the answer to {@code CLIENT LIST}. */
    private static final Pattern OTHERS =
            Pattern.compile(" name=(%s|sentinel-\\S+) | flags=[SM] ".formatted(ServerWatch.ADMINISTRATOR));

    private final EmbeddedRedis redis;
    private final @Nullable EmbeddedRedisCluster cluster;
    private final String uri;
    private final FaultProxy proxy;
    private final AbstractRedisClient client;
    private @Nullable RedisClient rawClient;
    private @Nullable RedisCommands<String, String> raw;

    private Site(EmbeddedRedis redis, String uri, @Nullable EmbeddedRedisCluster cluster) {
        this.redis = redis;
        this.cluster = cluster;
        this.uri = uri;
        this.proxy = new FaultProxy(redis.port());
        this.client = Servers.client(uri);
    }

    static Site of(EmbeddedRedis redis) {
        return new Site(redis, GuideUsers.app(redis), null);
    }

    /** At the present master of servers that the caller closes. */
    static Site of(EmbeddedSentinel servers) {
        return new Site(servers.master(), GuideUsers.app(servers), null);
    }

    /** At the first master. */
    static Site of(EmbeddedRedisCluster cluster) {
        return new Site(cluster.masters().get(0), String.join(",", GuideUsers.app(cluster)), cluster);
    }

    EmbeddedRedis redis() {
        return redis;
    }

    EmbeddedRedisCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    FaultProxy proxy() {
        return proxy;
    }

    /** For the library, straight or through the proxy. */
    String uri(boolean proxied) {
        return proxied ? proxy.uri().replace("//", "//" + GuideUsers.APP + ':' + GuideUsers.PASSWORD + '@') : uri;
    }

    /** To be closed by the caller. */
    PubSub openPubSub() {
        return OqronPubSub.builder(client)
                .codec(new Task.Codec())
                .instanceName("lab")
                .build();
    }

    /** A connection with the library's permissions, which are enough to read all it keeps. */
    RedisClusterCommands<byte[], byte[]> bytes() {
        return Servers.bytes(client);
    }

    /** The administrator's connection. */
    RedisCommands<String, String> raw() {
        RedisCommands<String, String> open = raw;
        if (open == null) {
            RedisURI address = RedisURI.create(redis.uri());
            address.setClientName(ServerWatch.ADMINISTRATOR);
            rawClient = RedisClient.create(address);
            open = rawClient.connect().sync();
            raw = open;
        }
        return open;
    }

    /** A connection that is just being made has not said yet who it is. */
    void assertThatTheLibraryMayDoNoMoreThanTheGuideSays() {
        await().untilAsserted(() -> assertThat(library())
                .isNotEmpty()
                .allMatch(connection -> connection.contains(" user=" + GuideUsers.APP + " ")));
    }

    private List<String> library() {
        return raw().clientList()
                .lines()
                .filter(connection -> !OTHERS.matcher(connection).find())
                .toList();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        if (rawClient != null) {
            rawClient.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
        proxy.close();
        redis.close();
        if (cluster != null) {
            cluster.close();
        }
    }
}
