package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.UnblockType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Opens connections of the application's client, which stays the application's. Its command timeout is switched off on
 * them: {@link RedisLink} has its own, and a read that Lettuce gives up would still be given messages (R#7).
 */
interface Connector {

    /** An open connection and its commands. */
    record Line(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            CompletableFuture<Long> number) {

        Line(StatefulConnection<byte[], byte[]> connection, RedisClusterAsyncCommands<byte[], byte[]> commands) {
            this(connection, commands, CompletableFuture.completedFuture(0L));
        }

        /** By which another connection can wake this one while it waits; empty where that is impossible or unknown. */
        OptionalLong wakeNumber() {
            long known = number.getNow(0L);
            return known == 0 ? OptionalLong.empty() : OptionalLong.of(known);
        }
    }

    /** Opens a connection; blocks until it stands. */
    Line connect();

    /** Looks, without waiting, which servers there are now, where there are several. */
    default void lookAround() {
        // there is one, or every connection asks anew
    }

    /** Opens a connection on another thread. It is closed if nobody wants it any more by the time it stands. */
    default CompletableFuture<Line> connect(Executor opener) {
        CompletableFuture<Line> wanted = new CompletableFuture<>();
        opener.execute(() -> {
            try {
                Line line = connect();
                if (!wanted.complete(line)) {
                    line.connection().closeAsync();
                }
            } catch (RuntimeException e) {
                wanted.completeExceptionally(e);
            }
        });
        return wanted;
    }

    static Connector of(AbstractRedisClient client) {
        if (client instanceof RedisClient single) {
            return () -> {
                StatefulRedisConnection<byte[], byte[]> connection = connect(single);
                connection.setTimeout(Duration.ZERO);
                return new Line(connection, connection.async(), numberOf(connection));
            };
        }
        if (client instanceof RedisClusterClient cluster) {
            return new ClusterConnector(cluster);
        }
        throw new IllegalArgumentException("client must be a RedisClient or a RedisClusterClient but was "
                + client.getClass().getName());
    }

    /** A handshake that is refused at once may be over before Lettuce waits for it, which it then says instead of why. */
    private static StatefulRedisConnection<byte[], byte[]> connect(RedisClient client) {
        try {
            return client.connect(ByteArrayCodec.INSTANCE);
        } catch (RedisConnectionException e) {
            if (e.getCause() == null
                    || !String.valueOf(e.getCause().getMessage()).contains("RedisHandshakeHandler not registered")) {
                throw e;
            }
            return client.connect(ByteArrayCodec.INSTANCE);
        }
    }

    /** 0 unless waking is allowed, which is tried out. */
    private static CompletableFuture<Long> numberOf(StatefulRedisConnection<byte[], byte[]> connection) {
        RedisAsyncCommands<byte[], byte[]> redis = connection.async();
        return redis.clientId()
                .thenCompose(id -> redis.clientUnblock(id, UnblockType.TIMEOUT).thenApply(nobodyWaited -> id))
                .toCompletableFuture()
                .exceptionally(refused -> 0L);
    }
}
