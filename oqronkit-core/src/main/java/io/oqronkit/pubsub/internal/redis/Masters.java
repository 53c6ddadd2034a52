package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The servers behind a connection that hold data: one, or in a cluster every master that has slots. A command without a
 * key would go to any node of a cluster, and what that one says holds for itself only.
 */
final class Masters {

    private Masters() {}

    /** Asks each for itself. A failure in a cluster names the node. */
    @SuppressWarnings("deprecation") // the one way from commands to the masters behind them
    static <R> List<CompletableFuture<R>> ask(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<R>> question) {
        if (redis instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
            StatefulRedisClusterConnection<byte[], byte[]> connection = cluster.getStatefulConnection();
            List<CompletableFuture<R>> asked = connection.getPartitions().stream()
                    .filter(node -> node.getRole().isUpstream() && !node.hasNoSlots())
                    .map(node -> askNode(connection, node, question))
                    .toList();
            return asked.isEmpty() ? List.of(CompletableFuture.failedFuture(RedisFailure.notConnected(null))) : asked;
        }
        return List.of(question.apply(redis).toCompletableFuture());
    }

    /** Of those that can be reached; fails if none can. */
    static <R> CompletableFuture<List<R>> answers(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<R>> question) {
        List<CompletableFuture<R>> asked = ask(redis, question);
        return all(asked).handle((all, error) -> {
            List<R> answers = asked.stream()
                    .filter(one -> !one.isCompletedExceptionally())
                    .map(CompletableFuture::join)
                    .toList();
            if (error != null && answers.isEmpty()) {
                throw RedisFailure.of(error);
            }
            return answers;
        });
    }

    private static <R> CompletableFuture<R> askNode(
            StatefulRedisClusterConnection<byte[], byte[]> connection,
            RedisClusterNode node,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<R>> question) {
        return commands(connection, node).thenCompose(question).exceptionally(error -> {
            throw new CompletionException(RedisFailure.of(error)
                    .at(node.getUri().getHost() + ":" + node.getUri().getPort()));
        });
    }

    static CompletableFuture<RedisClusterAsyncCommands<byte[], byte[]>> commands(
            StatefulRedisClusterConnection<byte[], byte[]> connection, RedisClusterNode master) {
        return connection
                .getConnectionAsync(master.getUri().getHost(), master.getUri().getPort())
                .thenApply(StatefulRedisConnection::async);
    }

    /**
     * The master that has a key.
     *
     * @throws RedisFailure if none has, as far as this connection knows
     */
    static RedisClusterNode of(StatefulRedisClusterConnection<byte[], byte[]> connection, byte[] key) {
        RedisClusterNode master = connection.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
        if (master == null) {
            throw RedisFailure.notConnected(null);
        }
        return master;
    }

    static CompletableFuture<Void> all(List<? extends CompletionStage<?>> answers) {
        return CompletableFuture.allOf(
                answers.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }
}
