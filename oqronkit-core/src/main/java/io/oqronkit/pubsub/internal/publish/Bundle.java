package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.pubsub.internal.redis.StoredBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The messages of one publish call for one partition: stored together or not at all.
 *
 * @param messages at least one
 * @param deadlineNanos {@link System#nanoTime()} at which the caller is told, whatever is known by then
 * @param waited true if the caller waits for the result, so that it may be completed on any thread; false if user code
 *     may continue on the completing thread
 * @param result where this bundle's first message lies
 */
record Bundle(List<EncodedMessage> messages, long deadlineNanos, boolean waited, CompletableFuture<Placed> result) {

    /** Where a bundle lies within the batch it was stored with. */
    record Placed(StoredBatch batch, int at) {}

    Bundle(List<EncodedMessage> messages, long deadlineNanos, boolean waited) {
        this(messages, deadlineNanos, waited, new CompletableFuture<>());
    }

    int count() {
        return messages.size();
    }

    long size() {
        long size = 0;
        for (EncodedMessage message : messages) {
            size += message.size();
        }
        return size;
    }

    boolean isOverdue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }
}
