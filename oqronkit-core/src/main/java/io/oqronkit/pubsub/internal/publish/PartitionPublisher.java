package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.internal.publish.Batch.State;
import io.oqronkit.pubsub.internal.publish.Bundle.Placed;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.StoredBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends the messages of one partition in batches: while one is under way the next one gathers, so batches grow with the
 * load and nobody waits for one to fill. If some have gathered, a second batch goes right behind the first, so that Redis
 * need not wait for us. It is refused unless the first is stored, and only the first is ever sent again, under its old
 * sequence, which stores nothing twice: so the order of publishing is kept over all failures.
 *
 * <p>Threads: callers enqueue from any thread; answers arrive on the event loop or the timer. The lock guards the queue
 * and the flights and is never held while Redis or a future is touched.
 */
final class PartitionPublisher {

    private static final int FIRST_PAUSE_MS = 20;
    private static final int LONGEST_PAUSE_MS = 1_000;
    private static final int LONGEST_PAUSE_IF_SOON_OVER_MS = 50;
    /** Calls that make a second batch worth its own round trip. */
    private static final int WORTH_A_SECOND = 4;
    /** How much longer than its time a call may wait for the answer of a batch that is under way. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final BatchStore redis;
    private final ScheduledExecutorService timer;
    private final Executor callbacks;
    private final Object lock = new Object();
    private final ArrayDeque<Bundle> waiting = new ArrayDeque<>();
    private final ArrayDeque<Batch> flights = new ArrayDeque<>(2); // in the order of publishing
    private long sequence;
    private @Nullable RedisFailure trouble; // of the first flight

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
            if (waiting.isEmpty() || !mayTakeOff()) {
                return;
            }
            Batch before = flights.peekLast();
            batch = Batch.take(++sequence, before == null ? 0 : before.sequence, waiting);
            flights.add(batch);
        }
        send(batch);
    }

    private boolean mayTakeOff() {
        Batch first = flights.peekFirst();
        return first == null
                || (flights.size() < redis.mostUnderWay()
                        && waiting.size() >= WORTH_A_SECOND
                        && first.state == State.UNDER_WAY
                        && first.attempts == 1);
    }

    private void send(Batch batch) {
        batch.attempts++;
        CompletableFuture<StoredBatch> answer = redis.append(batch.sequence, batch.after, batch.messages());
        synchronized (lock) {
            batch.state = State.UNDER_WAY;
        }
        answer.whenComplete((stored, error) -> {
            if (error == null) {
                land(batch);
                succeed(batch, stored);
            } else if (isFirst(batch, RedisFailure.of(error))) {
                retryOrFail(batch, RedisFailure.of(error));
            }
        });
    }

    /** Ends a flight and lets the next batch go, before anybody hears of this one. */
    private void land(Batch batch) {
        Batch next;
        synchronized (lock) {
            boolean first = flights.peekFirst() == batch;
            flights.remove(batch);
            trouble = null;
            next = first ? flights.peekFirst() : null;
            if (next != null && next.state != State.GROUNDED) {
                next = null;
            }
        }
        if (next == null) {
            sendNext();
        } else {
            sendAgain(next);
        }
    }

    /**
     * Whether a batch that failed is the first one, whose turn it is. A second one goes back into the queue if it is
     * certainly not stored; if nobody knows, it stays as it is and is sent again once the first is done with.
     */
    private boolean isFirst(Batch batch, RedisFailure failure) {
        synchronized (lock) {
            batch.state = State.GROUNDED;
            batch.uncertain |= failure.kind() == Kind.UNKNOWN;
            if (flights.peekFirst() == batch) {
                trouble = failure;
                return true;
            }
            if (!batch.uncertain) {
                flights.remove(batch);
                putBack(batch.bundles);
            }
            return false;
        }
    }

    /** What was before it is stored or given up. */
    private void sendAgain(Batch first) {
        first.after = 0;
        send(first);
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
        boolean hopeless = failure.kind() == Kind.REFUSED || failure.kind() == Kind.NO_GROUP;
        if (failure.kind() == Kind.FULL && !batch.uncertain && splitOff(batch)) {
            sendAgain(batch);
            return;
        }
        long now = System.nanoTime();
        Predicate<Bundle> isLost = bundle -> hopeless || bundle.isOverdue(now);
        List<Bundle> failed = batch.bundles.stream().filter(isLost).toList();
        boolean anybodyWaits = failed.size() < batch.bundles.size();
        if (!batch.uncertain) {
            synchronized (lock) {
                batch.bundles.removeIf(isLost);
            }
        }
        if (anybodyWaits) {
            sendAgainLater(batch, failure);
        } else {
            failOverdue(); // rather than send them now
            land(batch);
        }
        fail(failed, batch.uncertain, failure);
    }

    /**
     * A batch that has no room as a whole goes in parts; false if it is one bundle, which must go as it is, or if there is
     * a second batch, which must not come before the later part.
     */
    private boolean splitOff(Batch batch) {
        synchronized (lock) {
            if (flights.size() > 1) {
                return false;
            }
            List<Bundle> later = batch.splitOff();
            putBack(later);
            return !later.isEmpty();
        }
    }

    private void putBack(List<Bundle> bundles) {
        for (int i = bundles.size() - 1; i >= 0; i--) {
            waiting.addFirst(bundles.get(i));
        }
    }

    /**
     * Tells those whose time is over what is known, whatever happened to their batch: called every second, so that nobody
     * needs an alarm of its own.
     */
    void failOverdue() {
        long now = System.nanoTime();
        List<Bundle> unsent = new ArrayList<>();
        List<Bundle> sent = new ArrayList<>();
        RedisFailure failure;
        synchronized (lock) {
            waiting.removeIf(bundle -> bundle.isOverdue(now) && unsent.add(bundle));
            for (Batch batch : flights) {
                batch.bundles.stream()
                        .filter(bundle -> bundle.isOverdue(now - GRACE_NANOS))
                        .forEach(sent::add);
            }
            failure = trouble == null ? RedisFailure.late() : trouble;
        }
        fail(unsent, false, failure);
        fail(sent, true, failure);
    }

    private void fail(List<Bundle> bundles, boolean uncertain, RedisFailure failure) {
        List<Runnable> completions = new ArrayList<>();
        for (Bundle bundle : bundles) {
            Runnable completion = () -> bundle.result().completeExceptionally(exception(uncertain, failure));
            if (bundle.waited()) {
                completion.run();
            } else {
                completions.add(completion);
            }
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
        int longest = failure.isSoonOver() ? LONGEST_PAUSE_IF_SOON_OVER_MS : LONGEST_PAUSE_MS;
        int pause = (int) Math.min(longest, FIRST_PAUSE_MS * (1L << Math.min(10, batch.attempts - 1)));
        int jittered = pause / 2 + ThreadLocalRandom.current().nextInt(pause);
        try {
            timer.schedule(() -> sendAgain(batch), jittered, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            abandon(failure);
        }
    }

    private void abandon(RedisFailure failure) {
        List<Bundle> unsent;
        List<Batch> sent;
        synchronized (lock) {
            sent = List.copyOf(flights);
            flights.clear();
            unsent = List.copyOf(waiting);
            waiting.clear();
        }
        sent.forEach(batch -> fail(batch.bundles, batch.uncertain || batch.state == State.UNDER_WAY, failure));
        fail(unsent, false, failure);
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
