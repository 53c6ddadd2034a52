package io.oqronkit.benchmarks;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The fastest way to publish that was found with Lettuce: one script for up to 100 messages, at most two under way, and
 * the next one takes what has queued meanwhile. It does not try again, and its ids need a clock that never steps back.
 */
final class Coalescer {

    private static final int MOST = 100;
    private static final int FLIGHTS = 2;
    private static final String SCRIPT = """
            local t = redis.call('TIME')
            local last = redis.call('INCRBY', KEYS[2], #ARGV)
            local prefix, before = string.format('%.0f-', t[1] * 1000 + math.floor(t[2] / 1000)), last - #ARGV
            for i = 1, #ARGV do redis.call('XADD', KEYS[1], prefix .. (before + i), 'p', ARGV[i]) end
            return before + 1
            """;

    private final RedisAsyncCommands<byte[], byte[]> redis;
    private final byte[][] keys;
    private final String sha;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private int flights;

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Waiting(byte[] payload, CompletableFuture<Long> offset) {}

    Coalescer(RedisAsyncCommands<byte[], byte[]> redis, byte[] stream, byte[] counter) {
        this.redis = redis;
        this.keys = new byte[][] {stream, counter};
        this.sha = redis.scriptLoad(SCRIPT).toCompletableFuture().join();
    }

    CompletableFuture<Long> add(byte[] payload) {
        Waiting message = new Waiting(payload, new CompletableFuture<>());
        synchronized (queue) {
            queue.add(message);
        }
        sendNext();
        return message.offset;
    }

    private void sendNext() {
        List<Waiting> batch = new ArrayList<>(MOST);
        synchronized (queue) {
            if (flights == FLIGHTS || queue.isEmpty()) {
                return;
            }
            flights++;
            while (batch.size() < MOST && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
        }
        send(batch.stream().map(Waiting::payload).toArray(byte[][]::new)).whenComplete((first, error) -> {
            synchronized (queue) {
                flights--;
            }
            sendNext();
            for (int i = 0; i < batch.size(); i++) {
                if (error == null) {
                    batch.get(i).offset.complete(first + i);
                } else {
                    batch.get(i).offset.completeExceptionally(error);
                }
            }
        });
    }

    /** One script, now. */
    CompletableFuture<Long> send(byte[][] payloads) {
        return redis.<Long>evalsha(sha, ScriptOutputType.INTEGER, keys, payloads)
                .toCompletableFuture();
    }
}
