package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.internal.publish.Bundle.Placed;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.StoredBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Sends the messages of one partition, one batch at a time: while a batch is under way the next one gathers, so batches
 * grow with the load and nobody waits for one to fill. One flight at a time also keeps the order of publishing, over
 * retries too: a batch is sent again under its old sequence, which stores nothing twice, before the next one goes.
 *
 * <p>Threads: callers enqueue from any thread; answers arrive on the event loop or the timer. The lock guards the queue
 * and the flight flag and is never held while Redis or a future is touched.
 */
final class PartitionPublisher {

    private static final int FIRST_PAUSE_MS = 20;
    private static final int LONGEST_PAUSE_MS = 1_000;

    private final BatchStore redis;
    private final ScheduledExecutorService timer;
    private final Executor callbacks;
    private final Object lock = new Object();
    private final ArrayDeque<Bundle> waiting = new ArrayDeque<>();
    private boolean inFlight;
    private long sequence;

    PartitionPublisher(BatchStore redis, ScheduledExecutorService timer, Executor callbacks) {
        this.redis = redis;
        this.timer = timer;
        this.callbacks = callbacks;
    }

    void enqueue(Bundle bundle) {
        synchronized (lock) {
            waiting.add(bundle);
        }
        sendNext();
    }

    private void sendNext() {
        Batch batch;
        synchronized (lock) {
            if (inFlight || waiting.isEmpty()) {
                return;
            }
            inFlight = true;
            batch = Batch.take(++sequence, waiting);
        }
        send(batch);
    }

    private void send(Batch batch) {
        batch.attempts++;
        redis.append(batch.sequence, batch.messages()).whenComplete((stored, error) -> {
            if (error == null) {
                land();
                succeed(batch, stored);
            } else {
                retryOrFail(batch, RedisFailure.of(error));
            }
        });
    }

    /** Ends the flight and lets the next batch go, before anybody hears of this one. */
    private void land() {
        synchronized (lock) {
            inFlight = false;
        }
        sendNext();
    }

    private void succeed(Batch batch, StoredBatch stored) {
        List<Runnable> completions = new ArrayList<>(batch.bundles.size());
        int at = 0;
        for (Bundle bundle : batch.bundles) {
            Placed placed = new Placed(stored, at);
            at += bundle.count();
            if (bundle.waited()) {
                bundle.result().complete(placed);
            } else {
                completions.add(() -> bundle.result().complete(placed));
            }
        }
        onCallbackThread(completions);
    }

    /**
     * A batch of which no attempt can have been stored loses its overdue bundles and goes on; once an attempt went
     * unanswered the batch stays whole, its overdue callers learn that the outcome is unknown, and it is sent again
     * until the answer is known or nobody waits for it any more.
     */
    private void retryOrFail(Batch batch, RedisFailure failure) {
        batch.uncertain |= failure.kind() == Kind.UNKNOWN;
        boolean hopeless = failure.kind() == Kind.REFUSED || failure.kind() == Kind.NO_GROUP;
        long now = System.nanoTime();
        failOverdue(now, failure);
        if (failure.kind() == Kind.FULL && !batch.uncertain && splitOff(batch)) {
            send(batch);
            return;
        }
        boolean anybodyWaits = false;
        List<Runnable> completions = new ArrayList<>();
        for (Iterator<Bundle> all = batch.bundles.iterator(); all.hasNext(); ) {
            Bundle bundle = all.next();
            if (hopeless || bundle.isOverdue(now)) {
                completions.add(() -> bundle.result().completeExceptionally(exception(batch.uncertain, failure)));
                if (!batch.uncertain) {
                    all.remove();
                }
            } else {
                anybodyWaits = true;
            }
        }
        if (anybodyWaits && !hopeless) {
            sendAgainLater(batch, failure);
        } else {
            land();
        }
        onCallbackThread(completions);
    }

    /** A batch that has no room as a whole goes in parts; false if it is one bundle, which must go as it is. */
    private boolean splitOff(Batch batch) {
        List<Bundle> later = batch.splitOff();
        synchronized (lock) {
            for (int i = later.size() - 1; i >= 0; i--) {
                waiting.addFirst(later.get(i));
            }
        }
        return !later.isEmpty();
    }

    private void failOverdue(long now, RedisFailure failure) {
        List<Runnable> completions = new ArrayList<>();
        synchronized (lock) {
            waiting.removeIf(bundle -> {
                boolean overdue = bundle.isOverdue(now);
                if (overdue) {
                    completions.add(() -> bundle.result().completeExceptionally(exception(false, failure)));
                }
                return overdue;
            });
        }
        onCallbackThread(completions);
    }

    private static PubSubException exception(boolean uncertain, RedisFailure failure) {
        return uncertain
                ? new PublishOutcomeUnknownException(
                        "the message may be stored or not: " + failure.getMessage(), failure)
                : new PublishFailedException("the message is not stored: " + failure.getMessage(), failure);
    }

    private void sendAgainLater(Batch batch, RedisFailure failure) {
        int pause = (int) Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * (1L << Math.min(10, batch.attempts - 1)));
        int jittered = pause / 2 + ThreadLocalRandom.current().nextInt(pause);
        try {
            timer.schedule(() -> send(batch), jittered, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            abandon(batch, failure);
        }
    }

    private void abandon(Batch batch, RedisFailure failure) {
        List<Bundle> unsent = new ArrayList<>();
        synchronized (lock) {
            unsent.addAll(waiting);
            waiting.clear();
        }
        batch.bundles.forEach(bundle -> bundle.result().completeExceptionally(exception(batch.uncertain, failure)));
        unsent.forEach(bundle -> bundle.result().completeExceptionally(exception(false, failure)));
    }

    private void onCallbackThread(List<Runnable> completions) {
        if (completions.isEmpty()) {
            return;
        }
        try {
            callbacks.execute(() -> completions.forEach(Runnable::run));
        } catch (RejectedExecutionException closed) {
            completions.forEach(Runnable::run);
        }
    }
}
