package io.oqronkit.pubsub.internal.observe;

import io.micrometer.core.instrument.DistributionSummary;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.pubsub.internal.redis.StoredBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Measures how many messages go to Redis in one batch. */
record MeasuredStore(BatchStore store, DistributionSummary sizes) implements BatchStore {

    @Override
    public CompletableFuture<StoredBatch> append(long sequence, long after, List<EncodedMessage> messages) {
        sizes.record(messages.size());
        return store.append(sequence, after, messages);
    }

    @Override
    public int mostUnderWay() {
        return store.mostUnderWay();
    }
}
