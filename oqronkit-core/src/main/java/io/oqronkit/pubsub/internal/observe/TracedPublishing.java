package io.oqronkit.pubsub.internal.observe;

import io.micrometer.observation.Observation;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.internal.publish.Publishing;
import io.oqronkit.pubsub.observation.PublishObservationContext;
import io.oqronkit.pubsub.observation.PublishObservationConvention;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** An observation round each call that publishes, which the messages carry with them. */
final class TracedPublishing implements Publishing {

    private final Publishing publisher;
    private final String topic;
    private final Traces traces;

    TracedPublishing(Publishing publisher, String topic, Traces traces) {
        this.publisher = publisher;
        this.topic = topic;
        this.traces = traces;
    }

    @Override
    public PublishReceipt publish(OutgoingMessage<?> message, Map<String, String> carried) {
        return traces.registry().isNoop()
                ? publisher.publish(message, carried)
                : observed(1, carried, all -> List.of(publisher.publish(message, all)))
                        .get(0);
    }

    @Override
    public List<PublishReceipt> publishAll(List<? extends OutgoingMessage<?>> messages, Map<String, String> carried) {
        return traces.registry().isNoop()
                ? publisher.publishAll(messages, carried)
                : observed(messages.size(), carried, all -> publisher.publishAll(messages, all));
    }

    private List<PublishReceipt> observed(
            int messages, Map<String, String> carried, Function<Map<String, String>, List<PublishReceipt>> call) {
        PublishObservationContext context = new PublishObservationContext(topic, messages);
        return observation(context).observe(() -> {
            List<PublishReceipt> receipts = call.apply(both(carried, context));
            context.setReceipts(receipts);
            return receipts;
        });
    }

    /** It ends when the message is stored, on whatever thread that is. */
    @Override
    public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<?> message, Map<String, String> carried) {
        if (traces.registry().isNoop()) {
            return publisher.publishAsync(message, carried);
        }
        PublishObservationContext context = new PublishObservationContext(topic, 1);
        Observation observation = observation(context).start();
        CompletableFuture<PublishReceipt> receipt;
        try {
            receipt = publisher.publishAsync(message, both(carried, context));
        } catch (RuntimeException refused) {
            observation.error(refused);
            observation.stop();
            throw refused;
        }
        receipt.whenComplete((stored, failure) -> {
            if (failure == null) {
                context.setReceipts(List.of(stored));
            } else {
                observation.error(MeasuredPublishing.cause(failure));
            }
            observation.stop();
        });
        return receipt;
    }

    private Observation observation(PublishObservationContext context) {
        return Observation.createNotStarted(
                traces.publishing(), PublishObservationConvention.DEFAULT, () -> context, traces.registry());
    }

    private static Map<String, String> both(Map<String, String> carried, PublishObservationContext context) {
        Map<String, String> all = new LinkedHashMap<>(carried);
        Map<String, String> injected = context.getCarrier();
        if (injected != null) {
            all.putAll(injected);
        }
        return all;
    }

    @Override
    public void close() {
        publisher.close();
    }
}
