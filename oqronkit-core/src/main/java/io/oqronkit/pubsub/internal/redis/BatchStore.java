package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the batches of one producer for one partition go, in the order of their sequences. */
public interface BatchStore {

    /**
     * All or nothing. Sent again with the same sequence it stores nothing and answers where the messages lie, as long as
     * no more than one later batch is stored.
     *
     * @param sequence from 1, rising
     * @param after the batch that must be the last one stored, else this one is not; 0 for any earlier one
     */
    CompletableFuture<StoredBatch> append(long sequence, long after, List<EncodedMessage> messages);

    /** How many batches may be under way at a time. */
    default int mostUnderWay() {
        return 1;
    }
}
