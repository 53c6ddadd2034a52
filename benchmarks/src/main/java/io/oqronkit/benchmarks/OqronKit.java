package io.oqronkit.benchmarks;

import io.lettuce.core.RedisClient;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The product, with its defaults.
 *
 * @param virtual runs handlers on virtual threads; the JVM must have them
 */
record OqronKit(int partitions, boolean virtual) implements Contender {

    static final OqronKit DEFAULTS = new OqronKit(1, false);

    /**
     * What it sends while it works; all else happens within its scripts. The HMGET behind each read is left out: the scripts
     * that look after idle groups call HMGET far more often.
     */
    private static final Set<String> SENT = Set.of("eval", "evalsha", "xreadgroup", "ping", "client", "hsetnx");

    @Override
    public String name() {
        return "OqronKit";
    }

    @Override
    public boolean sends(String command) {
        return SENT.contains(command);
    }

    @Override
    public OqronSession open(Server server) {
        return new OqronSession(this, RedisClient.create(server.uri()));
    }

    static final class OqronSession implements Session {

        private final RedisClient client;
        private final PubSub pubSub;
        private final Topic<Event> topic;

        private OqronSession(OqronKit settings, RedisClient client) {
            this.client = client;
            this.pubSub = OqronPubSub.builder(client)
                    .virtualThreads(settings.virtual())
                    .build();
            this.topic = pubSub.topic(TopicSpec.of("bench", Event.class).partitions(settings.partitions()));
        }

        PubSub pubSub() {
            return pubSub;
        }

        Topic<Event> topic() {
            return topic;
        }

        RedisClient client() {
            return client;
        }

        @Override
        public CompletableFuture<?> publishAsync(Event event) {
            return topic.publishAsync(event);
        }

        @Override
        public void publish(Event event) {
            topic.publish(event);
        }

        @Override
        public void publishBatch(List<Event> events) {
            topic.publishBatch(events);
        }

        @Override
        public long stored() {
            return topic.admin().stats().messages();
        }

        @Override
        public Running consume(String group, int concurrency, Consumer<Event> handler) {
            Subscription subscription = topic.subscribe(SubscriptionSpec.<Event>group(group)
                    .startFrom(Position.earliest())
                    .concurrency(concurrency)
                    .handler(context -> handler.accept(context.message())));
            return subscription::close;
        }

        @Override
        public void close() {
            pubSub.close();
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }
}
