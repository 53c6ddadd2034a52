package io.oqronkit.pubsub.internal.read;

import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.redis.Beat;
import io.oqronkit.pubsub.internal.redis.GroupState;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Read;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings new entries of one partition to the workers, over a connection of its own. It reads as much as the workers have
 * room for, and reads on while they work, to the end of the partition's range if it has one. No failure ends the loop; a
 * vanished group is made again where it stood.
 * Runs on one thread; {@code pause}, {@code resume} and {@code stop} may be called from any.
 */
public final class PartitionReader implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.reader");
    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);

    /** While nothing is held, so that a pause or a replay has nothing to take back, and somebody can wake us. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(10);

    private static final Duration ROOM_CHECK = Duration.ofMillis(100);
    private static final Duration RESUME_CHECK = Duration.ofMillis(500);
    /** Of what the workers do in 50 ms ({@link Workers#limit}). With 200, handlers that do next to nothing get a twentieth fewer. */
    private static final int MOST_PER_READ = 400;

    /** In an ordered group what waits behind a failing message is held, too, so that other keys go on up to here. */
    private static final int MOST_HELD = 5_000;

    /** Of payloads, so that the largest messages do not fill the heap, be the handlers ever so fast (R#36). */
    private static final long MOST_BYTES_AHEAD = 32 * 1024 * 1024;

    private static final long MOST_BYTES_HELD = 4 * MOST_BYTES_AHEAD;

    private static final int LONGEST_PAUSE_MS = 1_000;

    /** Failures in a row, about 3 s, until one that is soon over as a rule is told. */
    private static final int WORTH_TELLING = 8;

    private final String name;
    private final GroupPartition partition;
    private final Workers workers;
    private final Feed feed;
    private final IntSupplier shareOf;
    private final Duration block;
    private final Duration rest;
    private volatile boolean paused;
    private volatile boolean stopped;
    private volatile @Nullable String stalledBecause;
    private GroupState seen = GroupState.UNKNOWN;
    private boolean rewound; // and the group not looked after yet
    private boolean refused;
    private int failures;
    private long bytesEach = 1; // of the entries read last
    private boolean bothStreams; // brought entries: the count is one for each of them (R#36)

    /**
     * @param name topic and group, for the log
     * @param shareOf how many partitions share the workers' room, at the moment
     * @param ackDeadline bounds the wait for new entries to a third of it, since the deadline is counted from the asking
     */
    public PartitionReader(
            String name,
            GroupPartition partition,
            Workers workers,
            Feed feed,
            IntSupplier shareOf,
            Duration ackDeadline) {
        this.name = name;
        this.partition = partition;
        this.workers = workers;
        this.feed = feed;
        this.shareOf = shareOf;
        Duration third = ackDeadline.dividedBy(3);
        this.block = shorter(third, LONGEST_BLOCK);
        this.rest = shorter(third, LONGEST_REST);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                if (partition.state().stopped()) {
                    awaitResume();
                    continue;
                }
                int room = room();
                if (room == 0) {
                    partition.awaitRoom(ROOM_CHECK, () -> stopped || room() > 0);
                } else {
                    read(room);
                }
            } catch (Throwable failure) {
                recover(RedisFailure.of(failure));
            }
        }
    }

    /**
     * Free places; 0 while paused, or while too few are free to be worth a read. While a worker has nothing to do there is
     * always one, so that a partition with all the work can use every worker.
     */
    private int room() {
        if (paused) {
            return 0;
        }
        int limit = (int) Math.max(1, Math.min(workers.limit() / shareOf.getAsInt(), MOST_BYTES_AHEAD / bytesEach));
        int free = Math.min(MOST_PER_READ, limit - partition.inWork());
        if (partition.heldCount() >= Math.min(MOST_HELD, MOST_BYTES_HELD / bytesEach)) {
            return 0;
        }
        if (workers.hungry()) {
            return Math.max(1, free);
        }
        return free >= Math.min(limit / 2, MOST_PER_READ / 2) ? Math.max(0, free) : 0;
    }

    private void read(int room) {
        long asked = System.nanoTime();
        Duration wait = mayRest() ? rest : block;
        Read read = feed.read(bothStreams ? Math.max(1, room / 2) : room, Beat.after(wait), seen, this::mayStart);
        learn(read.state());
        if (refused) {
            log.info("{} partition {}: Redis no longer refuses to be read", name, partition.number());
        }
        refused = false;
        goesOn();
        if (!read.entries().isEmpty()) {
            measure(read.entries());
            feed.hand(read, asked, mayStart(read));
            if (partition.endsWithin(read.entries())) {
                stopped = true;
            }
        }
        if (rewound) {
            partition.redis().ensure(Position.earliest(), true).join();
            rewound = false;
        }
    }

    private boolean mayStart(Read read) {
        return !(paused || stopped || read.state().stopped());
    }

    /** A long read is well only if nothing is to be said of it before it ends. */
    private boolean mayRest() {
        return partition.heldCount() == 0 && stalledBecause == null && !refused && feed.canBeWoken();
    }

    private void measure(List<StoredEntry> entries) {
        long bytes = 0;
        for (StoredEntry entry : entries) {
            bytes += entry.payload().length;
            bothStreams = entry.redriven();
        }
        bytesEach = Math.max(1, bytes / entries.size());
    }

    /** The group is paused everywhere: what was not started goes back, and we look now and then. */
    private void awaitResume() {
        feed.withdraw();
        partition.awaitWakeUp(RESUME_CHECK);
        learn(partition.redis().state(seen).join());
        goesOn();
    }

    private void learn(GroupState now) {
        if (now.isRewoundFrom(seen)) {
            log.warn(
                    "{} partition {}: Redis has come back with older data, or none: the last offset was {}, now it is {}",
                    name,
                    partition.number(),
                    seen.lastOffset(),
                    now.lastOffset());
            partition.events().rewound(seen.lastOffset(), now.lastOffset());
            rewound = true;
        }
        seen = now;
        partition.learn(now);
    }

    private void goesOn() {
        failures = 0;
        if (stalledBecause != null) {
            stalledBecause = null;
            partition.events().recovered();
        }
    }

    private void recover(RedisFailure failure) {
        if (stopped) {
            return;
        }
        try {
            if (failure.kind() == Kind.NO_GROUP) {
                if (partition.redis().ensure(Position.earliest(), true).join()) {
                    log.warn("{} partition {}: the group was gone and has been made again", name, partition.number());
                    partition.events().recreated();
                }
                return;
            }
        } catch (RuntimeException e) {
            failure = RedisFailure.of(e);
        }
        stall(failure);
    }

    private void stall(RedisFailure failure) {
        if (failure.kind() == Kind.REFUSED && !refused) { // an outage is told once, by the connections
            refused = true;
            log.error("{} partition {}: Redis refuses to be read: {}", name, partition.number(), failure.getMessage());
        }
        String reason = String.valueOf(failure.getMessage());
        if (!failure.isSoonOver() || failures >= WORTH_TELLING) {
            if (stalledBecause == null) {
                partition.events().stalled(reason);
            }
            stalledBecause = reason;
        }
        int pause = (int) Math.min(LONGEST_PAUSE_MS, 20L << Math.min(10, failures++));
        try {
            Thread.sleep(pause / 2 + ThreadLocalRandom.current().nextInt(pause));
        } catch (InterruptedException stopOrStray) {
            // the loop's condition decides
        }
    }

    public Optional<String> stalledBecause() {
        return Optional.ofNullable(stalledBecause);
    }

    public void pause() {
        paused = true;
        wake();
    }

    public void resume() {
        paused = false;
    }

    /** After the read that is under way, whose entries are handed back. */
    public void stop() {
        stopped = true;
        wake();
    }

    /** Ends a read that waits, where that can be done. */
    public void wake() {
        feed.wake();
    }
}
