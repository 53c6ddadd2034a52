package io.oqronkit.benchmarks;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * The fastest way to consume that was found with Lettuce: a thread that reads 100, sends the next read before it handles
 * them, and acknowledges them in one command on another connection, without waiting. It neither retries nor takes over.
 */
final class PrefetchLoop implements Session.Running {

    private static final byte[] CONSUMER = "only".getBytes(StandardCharsets.US_ASCII);

    private final StatefulRedisConnection<byte[], byte[]> reads;
    private final StatefulRedisConnection<byte[], byte[]> acks;
    private final byte[] stream;
    private final byte[] group;
    private final Consumer<Event> handler;
    private final Thread thread;
    private volatile boolean closed;

    /** The connections become this loop's. */
    PrefetchLoop(
            StatefulRedisConnection<byte[], byte[]> reads,
            StatefulRedisConnection<byte[], byte[]> acks,
            byte[] stream,
            byte[] group,
            Consumer<Event> handler) {
        this.reads = reads;
        this.acks = acks;
        this.stream = stream;
        this.group = group;
        this.handler = handler;
        this.thread = new Thread(this::run, "raw-loop");
        thread.start();
    }

    private void run() {
        try {
            RedisFuture<List<LeanReply.Entry>> next = read();
            while (!closed) {
                List<LeanReply.Entry> entries = next.get();
                next = read();
                if (!entries.isEmpty()) {
                    handle(entries);
                }
            }
        } catch (ExecutionException | RuntimeException e) {
            if (!closed) {
                throw new IllegalStateException("the loop has failed", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RedisFuture<List<LeanReply.Entry>> read() {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add("GROUP")
                .addKey(group)
                .addKey(CONSUMER)
                .add("COUNT")
                .add(100)
                .add("BLOCK")
                .add(1_000)
                .add("STREAMS")
                .addKey(stream)
                .add(">");
        return reads.async().dispatch(CommandType.XREADGROUP, new LeanReply(), args);
    }

    private void handle(List<LeanReply.Entry> entries) {
        CommandArgs<byte[], byte[]> done =
                new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(stream).addKey(group);
        for (LeanReply.Entry entry : entries) {
            handler.accept(Event.decode(entry.value()));
            done.add(entry.id());
        }
        acks.async().dispatch(CommandType.XACK, new IntegerOutput<>(ByteArrayCodec.INSTANCE), done);
    }

    @Override
    public void stop() {
        closed = true;
        thread.interrupt();
        reads.close();
        acks.close();
    }
}
