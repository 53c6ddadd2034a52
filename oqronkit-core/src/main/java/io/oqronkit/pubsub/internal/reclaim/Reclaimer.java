package io.oqronkit.pubsub.internal.reclaim;

import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.redis.Beat;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Reclaimed;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back what needs another attempt: once a second (four times within a short ack deadline), when a retry parked by this process becomes due, and as soon as
 * a worker is free while there is more.
 * Taking over counts an attempt, so it takes no more than workers can start (R#19). Runs on one thread.
 */
public final class Reclaimer implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.reclaim");
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);

    /** While nothing is pending; the names of silent consumers are removed by the way. */
    private static final Duration REST = Duration.ofMinutes(1);

    private final String name;
    private final List<GroupPartition> partitions;
    private final Workers workers;
    private final Duration ackDeadline;
    private final Duration interval;
    private final Semaphore due = new Semaphore(0);
    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile boolean resting; // nothing was pending; somebody else looks whether that is so still
    private boolean refused;

    public Reclaimer(String name, List<GroupPartition> partitions, Workers workers, Duration ackDeadline) {
        this.name = name;
        this.partitions = partitions;
        this.workers = workers;
        this.ackDeadline = ackDeadline;
        Duration quarter = ackDeadline.dividedBy(4); // so that a takeover comes within one and a half of it
        this.interval = quarter.compareTo(LONGEST_INTERVAL) < 0 ? quarter : LONGEST_INTERVAL;
    }

    /** Of a partition it takes over from: looks at once when a retry is due there. */
    public void watch(GroupPartition partition) {
        partition.onRetrySoon(due::release);
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                boolean more = !paused && reclaimAll();
                if (more) {
                    workers.awaitFree(Duration.ofMillis(10));
                } else {
                    due.tryAcquire((resting ? REST : Beat.within(interval)).toMillis(), TimeUnit.MILLISECONDS);
                    due.drainPermits();
                }
            } catch (InterruptedException stopOrStray) {
                // the loop's condition decides
            } catch (RuntimeException defect) {
                log.error("{}: taking over failed; it goes on", name, defect);
            }
        }
    }

    /** True if there may be more to take over than the workers had room for. */
    private boolean reclaimAll() {
        boolean more = false;
        resting = true;
        for (GroupPartition partition : partitions) {
            more |= reclaim(partition);
        }
        return more;
    }

    private boolean reclaim(GroupPartition partition) {
        int room = workers.freeForRedelivery();
        if (room == 0) {
            resting = false;
            return true;
        }
        try {
            int taken = take(partition, room, List.of());
            refused = false;
            return taken >= room;
        } catch (CompletionException e) {
            resting = false;
            report(RedisFailure.of(e));
            return false;
        }
    }

    private int take(GroupPartition partition, int room, List<byte[]> orphans) {
        long asked = System.nanoTime();
        Reclaimed reclaimed =
                partition.redis().reclaim(ackDeadline, room, orphans).join();
        resting &= !reclaimed.pending();
        if (reclaimed.gone() > 0) {
            log.warn(
                    "{} partition {}: {} pending messages had been removed from Redis",
                    name,
                    partition.number(),
                    reclaimed.gone());
            partition.events().dropped(reclaimed.gone(), DropReason.REMOVED_OUTSIDE);
        }
        List<Delivery> deliveries = new ArrayList<>();
        for (StoredEntry entry : reclaimed.entries()) {
            deliveries.add(partition.holdRedelivery(entry, reclaimed.generation(), asked));
        }
        if (paused || stopped) {
            Workers.handBack(deliveries);
        } else {
            workers.submitFirst(deliveries);
        }
        List<byte[]> lost = orphans.isEmpty() ? partition.orphansAmong(reclaimed.mine()) : List.of();
        int found = deliveries.size() + reclaimed.gone();
        int left = room - deliveries.size();
        return found + (lost.isEmpty() || left <= 0 ? lost.size() : take(partition, left, lost));
    }

    private void report(RedisFailure failure) {
        if (failure.kind() == Kind.REFUSED && !refused) {
            refused = true;
            log.error("{}: taking over is refused by Redis: {}", name, failure.getMessage());
        }
    }

    /** Something is pending. */
    public void wake() {
        if (resting) {
            resting = false;
            due.release();
        }
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
    }

    /** After the call that is under way. */
    public void stop() {
        stopped = true;
    }
}
