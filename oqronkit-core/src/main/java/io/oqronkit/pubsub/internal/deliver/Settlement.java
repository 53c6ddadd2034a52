package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.internal.redis.GroupSteps;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends deliveries in Redis. Acks go in groups: whatever has gathered when the previous answer is there, so there is one
 * call under way at most and no wait to fill it. Retries and dead letters are one call each. A call that got no answer
 * is made again until Redis has decided; meanwhile the delivery stays held and its deadline is kept, so at worst it is
 * handled once more elsewhere, never forgotten.
 *
 * <p>Threads: workers call in, answers arrive on the event loop or the timer; nothing here blocks.
 */
final class Settlement {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.delivery");
    private static final int MAX_ACKS = 1_000;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(1);

    private final GroupPartition partition;
    private final GroupSteps redis;
    private final ScheduledExecutorService timer;
    private final Queue<Delivery> acks = new ArrayDeque<>(); // guarded by itself
    private boolean ackUnderWay; // guarded by acks
    private final AtomicBoolean refused = new AtomicBoolean();

    Settlement(GroupPartition partition, GroupSteps redis, ScheduledExecutorService timer) {
        this.partition = partition;
        this.redis = redis;
        this.timer = timer;
    }

    void ack(Delivery delivery) {
        List<Delivery> group;
        synchronized (acks) {
            acks.add(delivery);
            group = takeAcks();
        }
        send(group);
    }

    /** The retry goes to whichever process looks first once it is due; this one looks right then. */
    void retryAfter(Duration delay, Delivery delivery) {
        untilDecided(() -> redis.retryAfter(delay, delivery.held()), List.of(delivery))
                .thenRun(() -> later(partition::retryIsDue, delay.plusMillis(1)));
    }

    /** @param keep false where the user wants no dead letters: the message is dropped and counted */
    void giveUp(Delivery delivery, String cause, boolean keep) {
        untilDecided(
                () -> redis.giveUp(delivery.generation(), delivery.lease(), delivery.entry(), cause, keep)
                        .thenAccept(done -> {
                            if (done && !keep) {
                                partition.events().dropped(1, DropReason.NO_DEAD_LETTERS);
                            }
                        }),
                List.of(delivery));
    }

    /** For deliveries that were never started. */
    CompletableFuture<Void> handBack(List<Delivery> deliveries) {
        return untilDecided(
                () -> redis.handBack(deliveries.stream().map(Delivery::held).toList()), deliveries);
    }

    private void send(List<Delivery> group) {
        if (group.isEmpty()) {
            return;
        }
        Delivery first = group.get(0);
        List<StoredEntry> entries = group.stream().map(Delivery::entry).toList();
        untilDecided(() -> redis.ack(first.generation(), first.lease(), entries), group)
                .thenRun(() -> {
                    List<Delivery> next;
                    synchronized (acks) {
                        ackUnderWay = false;
                        next = takeAcks();
                    }
                    send(next);
                });
    }

    /** Of one generation and lease, since a call speaks for one; none while a call is under way. Holds the lock. */
    private List<Delivery> takeAcks() {
        if (ackUnderWay || acks.isEmpty()) {
            return List.of();
        }
        List<Delivery> taken = new ArrayList<>(Math.min(acks.size(), MAX_ACKS));
        while (taken.size() < MAX_ACKS) {
            Delivery next = acks.peek();
            if (next == null || (!taken.isEmpty() && !next.settlesWith(taken.get(0)))) {
                break;
            }
            taken.add(acks.remove());
        }
        ackUnderWay = true;
        return taken;
    }

    /** Completes, never exceptionally, once Redis has executed the step or refused it for good. */
    private CompletableFuture<Void> untilDecided(Supplier<CompletableFuture<?>> step, List<Delivery> deliveries) {
        CompletableFuture<Void> decided = new CompletableFuture<>();
        attempt(step, deliveries, decided);
        return decided;
    }

    private void attempt(
            Supplier<CompletableFuture<?>> step, List<Delivery> deliveries, CompletableFuture<Void> decided) {
        step.get().whenComplete((answer, error) -> {
            RedisFailure failure = error == null ? null : RedisFailure.of(error);
            boolean isRefused = failure != null && failure.kind() == Kind.REFUSED;
            if (failure == null || isRefused) {
                reportRefusal(failure);
            }
            if (failure == null || failure.kind() == Kind.NO_GROUP || (isRefused && !mustBeSettledHere(deliveries))) {
                partition.drop(deliveries);
                decided.complete(null);
            } else if (!later(() -> attempt(step, deliveries, decided), isRefused ? PAUSE_AFTER_REFUSAL : PAUSE)) {
                decided.complete(null);
            }
        });
    }

    /** In an ordered group nobody would come back to it: what is pending is looked at when the partition changes its owner. */
    private static boolean mustBeSettledHere(List<Delivery> deliveries) {
        return deliveries.stream().anyMatch(delivery -> delivery.isOrdered() && !delivery.isLost());
    }

    /** Once until something is settled again; what was refused stays pending and comes again, or is tried again here. */
    private void reportRefusal(@Nullable RedisFailure failure) {
        if (failure == null) {
            refused.set(false);
        } else if (refused.compareAndSet(false, true)) {
            log.error(
                    "Redis refuses to settle deliveries of group {} of topic {}: {}",
                    partition.events().group(),
                    partition.events().topic(),
                    failure.getMessage());
        }
    }

    /** False if the process is closing and nothing runs later any more. */
    private boolean later(Runnable task, Duration delay) {
        try {
            timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }
}
