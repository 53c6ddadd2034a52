package io.oqronkit.pubsub.internal.observe;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.internal.publish.Publishing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Tells of each message that is stored, before its publisher knows. */
final class ToldPublishing implements Publishing {

    private final Publishing publisher;
    private final Traffic traffic;

    ToldPublishing(Publishing publisher, Traffic traffic) {
        this.publisher = publisher;
        this.traffic = traffic;
    }

    @Override
    public PublishReceipt publish(OutgoingMessage<?> message, Map<String, String> carried) {
        PublishReceipt receipt = publisher.publish(message, carried);
        traffic.published(message, receipt);
        return receipt;
    }

    @Override
    public List<PublishReceipt> publishAll(List<? extends OutgoingMessage<?>> messages, Map<String, String> carried) {
        List<PublishReceipt> receipts = publisher.publishAll(messages, carried);
        for (int i = 0; i < receipts.size(); i++) {
            traffic.published(messages.get(i), receipts.get(i));
        }
        return receipts;
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<?> message, Map<String, String> carried) {
        CompletableFuture<PublishReceipt> told = new CompletableFuture<>();
        publisher.publishAsync(message, carried).whenComplete((receipt, failure) -> {
            if (failure == null) {
                traffic.published(message, receipt);
                told.complete(receipt);
            } else {
                told.completeExceptionally(failure);
            }
        });
        return told;
    }

    @Override
    public void close() {
        publisher.close();
    }
}
