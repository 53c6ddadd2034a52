package io.oqronkit.benchmarks;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisson.api.RReliableTopic;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

/**
 * Redisson with its defaults.
 *
 * @param reliableTopic its durable topic with listeners; else its stream, read and acknowledged by a loop of one's own
 */
record Redisson(boolean reliableTopic) implements Contender {

    @Override
    public String name() {
        return reliableTopic ? "Redisson RReliableTopic" : "Redisson RStream";
    }

    @Override
    public int messages(int full) {
        return Math.max(300, full / (reliableTopic ? 15 : 3));
    }

    /** The topic publishes, subscribes and trims by scripts. */
    @Override
    public boolean sends(String command) {
        return !reliableTopic
                || !Set.of("xadd", "xinfo", "zadd", "xgroup", "zscore", "zrangebyscore", "xrange", "xtrim")
                        .contains(command);
    }

    @Override
    public Session open(Server server) {
        Config config = new Config();
        config.useSingleServer().setAddress(server.uri());
        RedissonClient client = org.redisson.Redisson.create(config);
        return reliableTopic ? new TopicSession(client) : new StreamSession(client);
    }

    private static void shutDown(RedissonClient client) {
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }

    private static final class TopicSession implements Session {

        private final RedissonClient client;
        private final RReliableTopic topic;

        TopicSession(RedissonClient client) {
            this.client = client;
            this.topic = topic();
        }

        private RReliableTopic topic() {
            return client.getReliableTopic("bench", ByteArrayCodec.INSTANCE);
        }

        @Override
        public CompletableFuture<?> publishAsync(Event event) {
            return topic.publishAsync(event.encode()).toCompletableFuture();
        }

        @Override
        public void publish(Event event) {
            topic.publish(event.encode());
        }

        @Override
        public long stored() {
            return topic.size();
        }

        /** Each object subscribes for itself; how many threads call its listener is not ours to say. */
        @Override
        public Running consume(String group, int concurrency, Consumer<Event> handler) {
            RReliableTopic subscriber = topic();
            subscriber.addListener(byte[].class, (channel, message) -> handler.accept(Event.decode(message)));
            return subscriber::removeAllListeners;
        }

        @Override
        public void close() {
            shutDown(client);
        }
    }

    private static final class StreamSession implements Session {

        private static final byte[] FIELD = {'p'};

        private final RedissonClient client;
        private final RStream<byte[], byte[]> stream;

        StreamSession(RedissonClient client) {
            this.client = client;
            this.stream = client.getStream("bench", ByteArrayCodec.INSTANCE);
        }

        @Override
        public CompletableFuture<?> publishAsync(Event event) {
            return stream.addAsync(StreamAddArgs.entry(FIELD, event.encode())).toCompletableFuture();
        }

        @Override
        public void publish(Event event) {
            stream.add(StreamAddArgs.entry(FIELD, event.encode()));
        }

        @Override
        public long stored() {
            return stream.size();
        }

        @Override
        public Running consume(String group, int concurrency, Consumer<Event> handler) {
            stream.createGroup(
                    StreamCreateGroupArgs.name(group).id(StreamMessageId.ALL).makeStream());
            Thread loop = new Thread(() -> loop(group, handler), "redisson-loop");
            loop.start();
            return loop::interrupt;
        }

        private void loop(String group, Consumer<Event> handler) {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Map<StreamMessageId, Map<byte[], byte[]>> batch = stream.readGroup(
                            group,
                            "only",
                            StreamReadGroupArgs.neverDelivered().count(100).timeout(Duration.ofSeconds(1)));
                    batch.values()
                            .forEach(body -> handler.accept(
                                    Event.decode(body.values().iterator().next())));
                    if (!batch.isEmpty()) {
                        stream.ackAsync(group, batch.keySet().toArray(StreamMessageId[]::new));
                    }
                }
            } catch (RuntimeException e) {
                if (!Thread.currentThread().isInterrupted() && !client.isShutdown()) {
                    throw e;
                }
            }
        }

        @Override
        public void close() {
            shutDown(client);
        }
    }
}
