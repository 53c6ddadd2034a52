package io.oqronkit.benchmarks;

import io.lettuce.core.RedisClient;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The limit: Lettuce by hand, with nothing that makes messages safe beyond at-least-once.
 *
 * @param coalesced publishes in scripts, see {@link Coalescer}; else each message is an XADD of its own
 */
record RawLettuce(boolean coalesced) implements Contender {

    @Override
    public String name() {
        return coalesced ? "raw Lettuce" : "raw XADD";
    }

    @Override
    public boolean sends(String command) {
        return !coalesced || !List.of("xadd", "incrby", "time").contains(command);
    }

    @Override
    public Session open(Server server) {
        return new RawSession(RedisClient.create(server.uri()), coalesced);
    }

    private static final class RawSession implements Session {

        private static final byte[] STREAM = bytes("{bench}:s");
        private static final byte[] FIELD = bytes("p");

        private final RedisClient client;
        private final boolean coalesced;
        private final StatefulRedisConnection<byte[], byte[]> commands;
        private final Coalescer coalescer;

        RawSession(RedisClient client, boolean coalesced) {
            this.client = client;
            this.coalesced = coalesced;
            this.commands = client.connect(ByteArrayCodec.INSTANCE);
            this.coalescer = new Coalescer(commands.async(), STREAM, bytes("{bench}:n"));
        }

        @Override
        public CompletableFuture<?> publishAsync(Event event) {
            return coalesced
                    ? coalescer.add(event.encode())
                    : commands.async().xadd(STREAM, FIELD, event.encode()).toCompletableFuture();
        }

        @Override
        public void publish(Event event) {
            publishAsync(event).join();
        }

        @Override
        public void publishBatch(List<Event> events) {
            if (coalesced) {
                coalescer
                        .send(events.stream().map(Event::encode).toArray(byte[][]::new))
                        .join();
            } else {
                Session.super.publishBatch(events);
            }
        }

        @Override
        public long stored() {
            return commands.sync().xlen(STREAM);
        }

        @Override
        public Running consume(String group, int concurrency, Consumer<Event> handler) {
            commands.sync()
                    .xgroupCreate(StreamOffset.from(STREAM, "0"), bytes(group), XGroupCreateArgs.Builder.mkstream());
            return new PrefetchLoop(
                    client.connect(ByteArrayCodec.INSTANCE),
                    client.connect(ByteArrayCodec.INSTANCE),
                    STREAM,
                    bytes(group),
                    handler);
        }

        @Override
        public void close() {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }
}
