package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.internal.redis.RedisFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ack deadline of everything a subscription holds, running or queued, every third of it. A handler that runs
 * longer than the maximum processing time is given up: it is interrupted, and its message goes to another worker.
 * Runs on a thread of its own, so nothing else can delay it.
 */
public final class DeadlineKeeper implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.delivery");
    private static final int PER_CALL = 500;

    private final List<GroupPartition> partitions;
    private final Duration ackDeadline;
    private final Duration maxProcessingTime;
    private final boolean leased;

    /** @param leased true in an ordered group, where the lease of the partition keeps them all */
    public DeadlineKeeper(
            List<GroupPartition> partitions, Duration ackDeadline, Duration maxProcessingTime, boolean leased) {
        this.partitions = partitions;
        this.ackDeadline = ackDeadline;
        this.maxProcessingTime = maxProcessingTime;
        this.leased = leased;
    }

    /** Until interrupted. */
    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(ackDeadline.toMillis() / 3);
                for (GroupPartition partition : partitions) {
                    keep(partition);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(GroupPartition partition) {
        try {
            List<Delivery> held = withoutOverdue(partition);
            for (int from = 0; !leased && from < held.size(); from += PER_CALL) {
                renew(partition, held.subList(from, Math.min(held.size(), from + PER_CALL)));
            }
        } catch (CompletionException e) {
            log.debug("ack deadlines not renewed: {}", RedisFailure.of(e).getMessage());
        } catch (RuntimeException defect) {
            log.error("ack deadlines not renewed", defect);
        }
    }

    private List<Delivery> withoutOverdue(GroupPartition partition) {
        long now = System.nanoTime();
        List<Delivery> keep = new ArrayList<>();
        for (Delivery delivery : partition.held()) {
            if (delivery.runsLongerThan(maxProcessingTime, now) && !delivery.isLost()) {
                log.warn(
                        "message {} runs longer than max-processing-time {}; it is interrupted and given to another worker",
                        delivery.entry().id().in(partition.number()),
                        maxProcessingTime);
                partition.lose(delivery);
            } else {
                keep.add(delivery);
            }
        }
        return keep;
    }

    private void renew(GroupPartition partition, List<Delivery> held) {
        long asked = System.nanoTime();
        List<byte[]> refs = held.stream().map(d -> d.entry().ref()).toList();
        List<Integer> lost = partition.redis().renew(refs).join();
        long deadline = partition.deadline(asked);
        held.forEach(delivery -> delivery.renewedUntil(deadline));
        lost.forEach(at -> partition.lose(held.get(at)));
    }
}
