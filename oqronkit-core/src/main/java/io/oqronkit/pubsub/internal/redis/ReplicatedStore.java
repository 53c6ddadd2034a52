package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.pubsub.internal.redis.ReplicaWait.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stores a batch, then waits until enough replicas have it. Asked again for the same sequence it only waits again, unless
 * the master has lost the batch meanwhile. Used by one flight at a time.
 */
final class ReplicatedStore implements BatchStore {

    private final BatchStore master;
    private final Replication replication;
    private final ReplicaWait wait;
    private final String name;
    private final byte[] producers;
    private final byte[] producer;
    private volatile @Nullable Unconfirmed unconfirmed;

    private record Unconfirmed(long sequence, StoredBatch batch) {}

    ReplicatedStore(BatchStore master, Replication replication, ReplicaWait wait, PartitionKeys keys, String producer) {
        this.master = master;
        this.replication = replication;
        this.wait = wait;
        this.name = keys.toString();
        this.producers = keys.producers();
        this.producer = Bytes.of(producer);
    }

    @Override
    public CompletableFuture<StoredBatch> append(long sequence, long after, List<EncodedMessage> messages) {
        return stored(sequence, after, messages).thenCompose(batch -> confirmed(sequence, batch));
    }

    private CompletableFuture<StoredBatch> stored(long sequence, long after, List<EncodedMessage> messages) {
        Unconfirmed earlier = unconfirmed;
        if (earlier != null && earlier.sequence() == sequence) {
            return CompletableFuture.completedFuture(earlier.batch());
        }
        return master.append(sequence, after, messages).whenComplete((batch, error) -> {
            String text = error == null ? "" : text(error);
            if (text.contains("NOREPLICAS")) {
                replication.missed(this, text);
            }
        });
    }

    private CompletableFuture<StoredBatch> confirmed(long sequence, StoredBatch batch) {
        unconfirmed = new Unconfirmed(sequence, batch);
        return ask().handle((answer, error) -> {
            if (error != null) {
                throw RedisFailure.unconfirmed(text(error));
            }
            if (answer.sequence() < sequence) {
                unconfirmed = null;
                throw RedisFailure.unconfirmed("the server lost it before a replica had it");
            }
            if (!replication.suffices(answer.replicas())) {
                throw RedisFailure.unconfirmed(replication.text(answer.replicas()));
            }
            return batch;
        });
    }

    /** Also tells whether replicas are missing, or no longer. */
    CompletableFuture<Answer> ask() {
        return wait.ask(producers, producer).thenApply(answer -> {
            if (replication.suffices(answer.replicas())) {
                replication.found(this);
            } else {
                replication.missed(this, replication.text(answer.replicas()));
            }
            return answer;
        });
    }

    private static String text(Throwable error) {
        return String.valueOf(RedisFailure.of(error).getMessage());
    }

    @Override
    public String toString() {
        return name;
    }
}
