package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicAdmin;
import io.oqronkit.pubsub.TopicSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Notes what is subscribed and published, and delivers nothing: for what the starter does before a message flows. */
final class RecordingPubSub implements PubSub {

    final List<RecordedSubscription> subscribed = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    volatile Map<String, Set<String>> abandonedGroups = Map.of();
    final List<Object> published = new CopyOnWriteArrayList<>();
    final Set<Object> refused = ConcurrentHashMap.newKeySet();
    Runnable whenClosing = () -> {};
    volatile @Nullable String durabilityShortfall;
    volatile @Nullable String durabilityWarning;
    volatile @Nullable String redisOutage;
    private final Map<String, Topic<?>> topics = new ConcurrentSkipListMap<>();

    @Override
    public <T> Topic<T> topic(String name, Class<T> type) {
        return topic(TopicSpec.of(name, type));
    }

    @Override
    public <T> Topic<T> topic(TopicSpec<T> spec) {
        RecordedTopic<T> topic = new RecordedTopic<>(spec);
        topics.put(spec.name(), topic);
        return topic;
    }

    @Override
    public List<Topic<?>> topics() {
        return List.copyOf(topics.values());
    }

    @Override
    public Optional<String> redisOutage() {
        return Optional.ofNullable(redisOutage);
    }

    @Override
    public List<Subscription> subscriptions() {
        List<Subscription> open = new ArrayList<>(subscribed);
        open.removeIf(subscription -> subscription.state() == SubscriptionState.CLOSED);
        return open;
    }

    @Override
    public Map<String, Set<String>> abandonedGroups() {
        return abandonedGroups;
    }

    @Override
    public Optional<String> durabilityShortfall() {
        return Optional.ofNullable(durabilityShortfall);
    }

    @Override
    public Optional<String> durabilityWarning() {
        return Optional.ofNullable(durabilityWarning);
    }

    @Override
    public void close() {
        events.add("PubSub closed");
    }

    RecordedSubscription only() {
        if (subscribed.size() != 1) {
            throw new AssertionError("expected one subscription but was " + subscribed);
        }
        return subscribed.get(0);
    }

    /** A subscription in the state a test gives it. */
    final class RecordedSubscription implements Subscription {

        final TopicSpec<?> topic;
        final SubscriptionSpec<?> spec;
        volatile SubscriptionState state = SubscriptionState.RUNNING;

        RecordedSubscription(TopicSpec<?> topic, SubscriptionSpec<?> spec) {
            this.topic = topic;
            this.spec = spec;
        }

        @Override
        public String topic() {
            return topic.name();
        }

        @Override
        public String group() {
            return spec.group();
        }

        @Override
        public SubscriptionSettings settings() {
            return SubscriptionSettings.resolve(spec.settings(), DeadLetterPolicy.defaults());
        }

        @Override
        public SubscriptionState state() {
            return state;
        }

        @Override
        public Optional<String> stalledBecause() {
            return state == SubscriptionState.STALLED ? Optional.of("not connected to Redis") : Optional.empty();
        }

        @Override
        public void pause() {
            state = SubscriptionState.PAUSED;
        }

        @Override
        public void resume() {
            state = SubscriptionState.RUNNING;
        }

        @Override
        public void close() {
            whenClosing.run();
            state = SubscriptionState.CLOSED;
            events.add(topic() + "/" + group() + " closed");
        }
    }

    private final class RecordedTopic<T> implements Topic<T> {

        private final TopicSpec<T> spec;

        RecordedTopic(TopicSpec<T> spec) {
            this.spec = spec;
        }

        @Override
        public boolean cancel(PublishReceipt receipt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Subscription subscribe(SubscriptionSpec<T> subscription) {
            RecordedSubscription recorded = new RecordedSubscription(spec, subscription);
            subscribed.add(recorded);
            events.add(spec.name() + "/" + subscription.group() + " subscribed");
            return recorded;
        }

        @Override
        public String name() {
            return spec.name();
        }

        @Override
        public TopicSpec<T> spec() {
            return spec;
        }

        @Override
        public int partitions() {
            return spec.partitions().orElse(1);
        }

        @Override
        public PublishReceipt publish(T payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PublishReceipt publish(OutgoingMessage<T> message) {
            if (refused.contains(message.payload())) {
                throw new IllegalStateException("refused " + message.payload());
            }
            published.add(message.payload());
            return new PublishReceipt(name(), new MessageId(0, Instant.EPOCH, published.size()), false);
        }

        @Override
        public List<PublishReceipt> publishBatch(List<T> payloads) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<PublishReceipt> publishMessages(List<OutgoingMessage<T>> messages) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<PublishReceipt> publishAsync(T payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<T> message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void replay(String group, Position from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ShadowReplay shadowReplay(ShadowReplaySpec<T> replay) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TopicAdmin admin() {
            throw new UnsupportedOperationException();
        }
    }
}
