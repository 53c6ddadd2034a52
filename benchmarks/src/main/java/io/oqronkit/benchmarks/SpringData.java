package io.oqronkit.benchmarks;

import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;

/** Spring Data Redis by its documentation: a pool, a listener container, and an acknowledgement by each handler. */
record SpringData() implements Contender {

    @Override
    public String name() {
        return "Spring Data";
    }

    @Override
    public int messages(int full) {
        return Math.max(300, full / 15);
    }

    @Override
    public Session open(Server server) {
        return new SpringSession(server);
    }

    private static final class SpringSession implements Session {

        private static final String STREAM = "bench";
        private static final String FIELD = "p";
        private static final int PUBLISHERS = 16;

        private final LettuceConnectionFactory connections;
        private final StringRedisTemplate redis;
        private final ExecutorService publishers = Executors.newFixedThreadPool(PUBLISHERS);
        private final ExecutorService pollers = Executors.newCachedThreadPool();

        SpringSession(Server server) {
            GenericObjectPoolConfig<StatefulConnection<?, ?>> pool = new GenericObjectPoolConfig<>();
            pool.setMaxTotal(2 * PUBLISHERS);
            pool.setMaxIdle(2 * PUBLISHERS);
            connections = new LettuceConnectionFactory(
                    new RedisStandaloneConfiguration(server.host(), server.port()),
                    LettucePoolingClientConfiguration.builder()
                            .poolConfig(pool)
                            .shutdownTimeout(Duration.ZERO)
                            .build());
            connections.afterPropertiesSet();
            connections.start();
            redis = new StringRedisTemplate(connections);
        }

        /** There is no such call, so threads make one. */
        @Override
        public CompletableFuture<?> publishAsync(Event event) {
            return CompletableFuture.runAsync(() -> publish(event), publishers);
        }

        @Override
        public void publish(Event event) {
            redis.opsForStream().add(STREAM, Map.of(FIELD, event.encodeAsText()));
        }

        @Override
        public long stored() {
            Long size = redis.opsForStream().size(STREAM);
            return size == null ? 0 : size;
        }

        @Override
        public Running consume(String group, int concurrency, Consumer<Event> handler) {
            redis.opsForStream().createGroup(STREAM, ReadOffset.from("0"), group);
            StreamMessageListenerContainer<String, MapRecord<String, String, String>> container =
                    StreamMessageListenerContainer.create(
                            connections,
                            StreamMessageListenerContainerOptions.builder()
                                    .batchSize(100)
                                    .pollTimeout(Duration.ofMillis(100))
                                    .executor(pollers)
                                    .build());
            for (int consumer = 0; consumer < concurrency; consumer++) {
                container.receive(
                        org.springframework.data.redis.connection.stream.Consumer.from(group, "c" + consumer),
                        StreamOffset.create(STREAM, ReadOffset.lastConsumed()),
                        message -> {
                            handler.accept(Event.decode(
                                    message.getValue().values().iterator().next()));
                            redis.opsForStream().acknowledge(group, message);
                        });
            }
            container.start();
            return container::stop;
        }

        /** The pollers come to rest first: without connections they would only complain. */
        @Override
        public void close() {
            publishers.shutdown();
            pollers.shutdown();
            try {
                pollers.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connections.destroy();
        }
    }
}
