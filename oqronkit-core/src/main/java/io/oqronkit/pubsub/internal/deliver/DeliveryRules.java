package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.BatchHandler;
import io.oqronkit.pubsub.HeaderFilter;
import io.oqronkit.pubsub.MessageFailureClassifier;
import io.oqronkit.pubsub.MessageFilter;
import io.oqronkit.pubsub.MessageHandler;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PayloadCodecException;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.internal.json.Envelope;
import java.lang.reflect.Type;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How one subscription treats a delivery. Immutable. */
public record DeliveryRules<T>(
        String topic,
        String group,
        AckMode ackMode,
        boolean deadLetters,
        FailurePolicy failures,
        HeaderFilter headerFilter,
        MessageFilter<T> filter,
        MessageHandler<T> handler,
        Optional<Batches<T>> batches,
        Decoder<T> decoder,
        boolean replayed,
        Outcomes outcomes) {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.delivery");

    /** Instead of one message at a time. */
    record Batches<T>(BatchHandler<T> handler, int most) {}

    /** The payload of an entry, as the type the subscription asks for. */
    record Decoder<T>(PayloadCodec codec, Type type) {
        @SuppressWarnings("unchecked") // the codec answers with a value of the type it is given
        T decode(byte[] payload) {
            if (payload.length > Envelope.MAX_PAYLOAD_BYTES) {
                throw new PayloadCodecException(
                        "payload has %d bytes, and at most %d are decoded"
                                .formatted(payload.length, Envelope.MAX_PAYLOAD_BYTES),
                        null);
            }
            return (T) codec.decode(payload, type);
        }
    }

    public static <T> DeliveryRules<T> of(
            String topic,
            SubscriptionSpec<T> spec,
            SubscriptionSettings settings,
            PayloadCodec codec,
            Type type,
            MessageFailureClassifier classifier) {
        return new DeliveryRules<>(
                topic,
                spec.group(),
                settings.ackMode(),
                settings.deadLetters(),
                new FailurePolicy(
                        settings.maxAttempts(),
                        settings.backoff(),
                        failure -> settings.retryRule().retries(failure) && isRetryable(classifier, failure),
                        () -> ThreadLocalRandom.current().nextDouble()),
                spec.headerFilter(),
                spec.filter(),
                spec.handler(),
                spec.batchHandler().map(handler -> new Batches<>(handler, settings.batchSize())),
                new Decoder<>(codec, type),
                false,
                Outcomes.UNTOLD);
    }

    private static boolean isRetryable(MessageFailureClassifier classifier, Throwable failure) {
        try {
            return classifier.isRetryable(failure);
        } catch (RuntimeException defect) { // the user's; the message must not be lost to it
            log.warn("the failure classifier failed, so the message is tried again", defect);
            return true;
        }
    }

    /** What a worker does by these rules. */
    public DeliveryWork work(Clock clock) {
        DeliveryPipeline<T> single = new DeliveryPipeline<>(this, clock);
        return batches.<DeliveryWork>map(all -> new BatchPipeline<>(single, all.handler(), all.most()))
                .orElse(single);
    }

    /** What it is called when a handler gives a delivery up. */
    Outcome givenUp() {
        return deadLetters ? Outcome.DEAD_LETTER : Outcome.DROPPED;
    }

    /** What it is called when a delivery has failed for good. */
    Outcome givenUp(Delivery delivery) {
        return delivery.partition().order().halts() ? Outcome.HALTED : givenUp();
    }

    /** The same with something round the handler, of whichever kind it is, and with somebody who counts. */
    public DeliveryRules<T> watched(
            UnaryOperator<MessageHandler<T>> single, UnaryOperator<BatchHandler<T>> batch, Outcomes told) {
        return new DeliveryRules<>(
                topic,
                group,
                ackMode,
                deadLetters,
                failures,
                headerFilter,
                filter,
                single.apply(handler),
                batches.map(all -> new Batches<>(batch.apply(all.handler()), all.most())),
                decoder,
                replayed,
                told);
    }

    /** The same for a shadow replay: without dead letters, with somebody who counts. */
    public DeliveryRules<T> replaying(MessageHandler<T> paced, Outcomes told) {
        return new DeliveryRules<>(
                topic,
                group,
                ackMode,
                false,
                failures,
                headerFilter,
                filter,
                paced,
                Optional.empty(),
                decoder,
                true,
                told);
    }
}
