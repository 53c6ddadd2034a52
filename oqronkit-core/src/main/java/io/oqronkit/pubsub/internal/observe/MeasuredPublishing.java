package io.oqronkit.pubsub.internal.observe;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.internal.publish.Publishing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Measures how long publishing takes, each message of a call for itself. */
final class MeasuredPublishing implements Publishing {

    private final Publishing publisher;
    private final PublishTimers timers;

    MeasuredPublishing(Publishing publisher, PublishTimers timers) {
        this.publisher = publisher;
        this.timers = timers;
    }

    @Override
    public PublishReceipt publish(OutgoingMessage<?> message, Map<String, String> carried) {
        long started = System.nanoTime();
        try {
            PublishReceipt receipt = publisher.publish(message, carried);
            timers.stored(receipt, started);
            return receipt;
        } catch (RuntimeException failure) {
            timers.failed(failure, 1, started);
            throw failure;
        }
    }

    @Override
    public List<PublishReceipt> publishAll(List<? extends OutgoingMessage<?>> messages, Map<String, String> carried) {
        long started = System.nanoTime();
        try {
            List<PublishReceipt> receipts = publisher.publishAll(messages, carried);
            receipts.forEach(receipt -> timers.stored(receipt, started));
            return receipts;
        } catch (RuntimeException failure) {
            timers.failed(failure, messages.size(), started);
            throw failure;
        }
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<?> message, Map<String, String> carried) {
        long started = System.nanoTime();
        CompletableFuture<PublishReceipt> receipt;
        try {
            receipt = publisher.publishAsync(message, carried);
        } catch (RuntimeException refused) {
            timers.failed(refused, 1, started);
            throw refused;
        }
        receipt.whenComplete((stored, failure) -> {
            if (failure == null) {
                timers.stored(stored, started);
            } else {
                timers.failed(cause(failure), 1, started);
            }
        });
        return receipt;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() {
        publisher.close();
    }
}
