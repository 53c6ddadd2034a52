package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where the batches of one producer for one partition go, one after the other. */
public interface BatchStore {

    /** All or nothing. Sent again with the same sequence it stores nothing and answers where the messages lie. */
    CompletableFuture<StoredBatch> append(long sequence, List<EncodedMessage> messages);
}
