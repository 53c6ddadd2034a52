package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicAdmin;
import io.oqronkit.pubsub.TopicSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A topic as one payload type. */
final class DefaultTopic<T> implements Topic<T> {

    private final TopicSpec<T> spec;
    private final TopicRuntime runtime;
    private final Subscriptions subscriptions;
    private final ShadowReplays shadows;

    DefaultTopic(TopicSpec<T> spec, TopicRuntime runtime, Subscriptions subscriptions, ShadowReplays shadows) {
        this.spec = spec;
        this.runtime = runtime;
        this.subscriptions = subscriptions;
        this.shadows = shadows;
    }

    @Override
    public String name() {
        return runtime.name();
    }

    @Override
    public TopicSpec<T> spec() {
        return spec;
    }

    @Override
    public int partitions() {
        return runtime.partitions().size();
    }

    @Override
    public PublishReceipt publish(T payload) {
        return publish(OutgoingMessage.of(payload));
    }

    @Override
    public PublishReceipt publish(OutgoingMessage<T> message) {
        return runtime.publisher().publish(notNull("message", message), Map.of());
    }

    @Override
    public List<PublishReceipt> publishBatch(List<T> payloads) {
        notNull("payloads", payloads);
        return publishMessages(IntStream.range(0, payloads.size())
                .mapToObj(i -> OutgoingMessage.of(notNull("payloads[" + i + "]", payloads.get(i))))
                .toList());
    }

    @Override
    public List<PublishReceipt> publishMessages(List<OutgoingMessage<T>> messages) {
        notNull("messages", messages);
        IntStream.range(0, messages.size()).forEach(i -> notNull("messages[" + i + "]", messages.get(i)));
        return messages.isEmpty() ? List.of() : runtime.publisher().publishAll(messages, Map.of());
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(T payload) {
        return publishAsync(OutgoingMessage.of(payload));
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<T> message) {
        return runtime.publisher().publishAsync(notNull("message", message), Map.of());
    }

    @Override
    public boolean cancel(PublishReceipt receipt) {
        if (!notNull("receipt", receipt).topic().equals(name())) {
            throw new IllegalArgumentException(
                    "receipt is of topic '%s', not of '%s'".formatted(receipt.topic(), name()));
        }
        return runtime.admin().cancel(receipt.id());
    }

    @Override
    public Subscription subscribe(SubscriptionSpec<T> subscription) {
        return subscriptions.start(spec, runtime, notNull("subscription", subscription));
    }

    @Override
    public void replay(String group, Position from) {
        runtime.admin().replay(notNull("group", group), notNull("from", from));
    }

    @Override
    public ShadowReplay shadowReplay(ShadowReplaySpec<T> replay) {
        return shadows.start(spec, runtime, notNull("spec", replay));
    }

    @Override
    public TopicAdmin admin() {
        return runtime.admin();
    }

    private static <V> V notNull(String argument, V value) {
        if (value == null) {
            throw new IllegalArgumentException(argument + " must not be null");
        }
        return value;
    }
}
