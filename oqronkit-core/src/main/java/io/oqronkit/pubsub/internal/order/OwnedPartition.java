package io.oqronkit.pubsub.internal.order;

import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.read.Feed;
import io.oqronkit.pubsub.internal.redis.GroupState;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Read;
import io.oqronkit.pubsub.internal.redis.OrderSteps;
import io.oqronkit.pubsub.internal.redis.OrderSteps.Claim;
import io.oqronkit.pubsub.internal.redis.OrderSteps.Fresh;
import io.oqronkit.pubsub.internal.redis.OrderSteps.Taken;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition of an ordered group: whether this process owns it, and what it does then. A new owner first finishes what
 * is pending, in the order of the log, then reads on. Whatever casts doubt on the lease ends the tenure; the next one
 * begins with what is pending then, so nothing has to be repaired.
 *
 * <p>Threads: the partition's reader reads and hands; the group's {@link Ownership} thread acquires, extends and
 * releases; workers and the event loop report. The lock makes a change of tenure and of the lanes one.
 */
public final class OwnedPartition implements Feed, InOrder.Owner {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.order");

    private final GroupPartition partition;
    private final OrderSteps redis;
    private final Workers workers;
    private final Duration ttl;
    private final Lanes lanes;
    private final String name;
    private volatile Runnable wakeOwnership = () -> {};
    private volatile @Nullable Tenure tenure;
    /** Between asking for entries and having them in the lanes; a release waits for that. */
    private volatile boolean reading;

    private @Nullable Tenure readFor; // of the reader's thread
    private boolean takenOver; // of the reader's thread

    /** @param ttl how long a lease holds unless it is extended */
    public OwnedPartition(GroupPartition partition, OrderSteps redis, Workers workers, OrderRules rules, Duration ttl) {
        this.partition = partition;
        this.redis = redis;
        this.workers = workers;
        this.ttl = ttl;
        this.name = "%s/%s partition %d"
                .formatted(partition.events().topic(), partition.events().group(), partition.number());
        InOrder order = new InOrder(partition, redis, workers, rules, this);
        this.lanes = order.lanes();
        partition.orderedBy(order);
    }

    void onChange(Runnable wakeOwnership) {
        this.wakeOwnership = wakeOwnership;
    }

    // --- what the reader does

    @Override
    public Read read(int count, Duration block, GroupState seen, Predicate<Read> startable) {
        Tenure now = tenure;
        readFor = now;
        reading = true;
        if (now == null || now.ending) {
            reading = false;
            partition.awaitWakeUp(block);
            return new Read(
                    List.of(), partition.redis().state(seen).join()); // so that it can tell of a pause or a halt
        }
        try {
            return now.takes(System.nanoTime()) ? takeOver(now, count, seen) : readOn(now, count, block, seen);
        } catch (RuntimeException e) {
            failed(now, RedisFailure.of(e).kind());
            reading = false;
            throw e;
        }
    }

    private void failed(Tenure now, RedisFailure.Kind kind) {
        if (kind == RedisFailure.Kind.UNKNOWN) {
            now.readWentUnanswered(System.nanoTime() + ttl.toNanos());
        } else if (kind == RedisFailure.Kind.NO_GROUP) {
            end(now, "the group is gone"); // made again, it hands out what is held here once more
        }
    }

    private Read takeOver(Tenure now, int count, GroupState seen) {
        Set<ByteBuffer> held = held(); // before asking: what is settled meanwhile must not seem to be held by nobody
        Taken taken = redis.take(now.lease, now.takenUpTo, count, seen).join();
        takenOver = true;
        now.takenUpTo = taken.last();
        now.allTaken = taken.last().length == 0;
        List<StoredEntry> heldByNobody = taken.entries().stream()
                .filter(entry -> !held.contains(ByteBuffer.wrap(entry.ref())))
                .toList();
        return found(now, taken.leased(), heldByNobody, taken.state());
    }

    /** Nothing when a tenure begins. */
    private Set<ByteBuffer> held() {
        Set<ByteBuffer> refs = new HashSet<>();
        partition
                .held()
                .forEach(delivery -> refs.add(ByteBuffer.wrap(delivery.entry().ref())));
        return refs;
    }

    private Read readOn(Tenure now, int count, Duration block, GroupState seen) {
        Fresh fresh = redis.read(now.lease, count, seen).join();
        takenOver = false;
        Read read = found(now, fresh.leased(), fresh.entries(), fresh.state());
        if (read.entries().isEmpty() && fresh.leased() && !fresh.state().stopped()) {
            redis.awaitEntries(fresh, block).join();
        }
        return read;
    }

    private Read found(Tenure now, boolean leased, List<StoredEntry> entries, GroupState state) {
        if (!leased) {
            end(now, "somebody else has it");
        }
        reading = !entries.isEmpty();
        return new Read(entries, state);
    }

    /** What was read for a tenure that has ended stays pending, for the next one. */
    @Override
    public void hand(Read read, long askedNanos, boolean start) {
        synchronized (this) {
            Tenure now = tenure;
            if (now != null && now.equals(readFor)) {
                List<Delivery> deliveries = new ArrayList<>(read.entries().size());
                for (StoredEntry entry : read.entries()) {
                    deliveries.add(
                            partition.holdLeased(entry, read.state().generation(), now.lease, now.deadlineNanos));
                }
                lanes.add(deliveries, !takenOver);
            }
        }
        reading = false;
        if (!start) {
            handOver();
        }
        handlerEnded();
    }

    /** Others than whoever wakes it must hear of a pause, a halt and the end of a tenure. */
    @Override
    public boolean canBeWoken() {
        return false;
    }

    @Override
    public void wake() {
        partition.wakeReader();
        redis.wake();
    }

    @Override
    public void withdraw() {
        handOver();
    }

    // --- what the ownership thread does

    /** Neither lost nor on its way to somebody else. */
    boolean stays() {
        Tenure now = tenure;
        return now != null && !now.ending;
    }

    /** On its way, and nothing but Redis's answers are waited for. */
    boolean settling() {
        Tenure now = tenure;
        return now != null && now.ending && lanes.quiet();
    }

    boolean owned() {
        return tenure != null;
    }

    /** Takes the partition if it is free; answers how long to wait before asking again. */
    Duration acquire() {
        long asked = System.nanoTime();
        Claim claim = redis.acquire(ttl).join();
        partition.learn(claim.state());
        if (claim.lease() != null) {
            begin(new Tenure(claim.lease(), asked, partition.deadline(asked)));
            partition.wakeReader();
            log.info(
                    "{}: this process is the owner, epoch {}",
                    name,
                    claim.lease().epoch());
        }
        return claim.askAgainIn();
    }

    private synchronized void begin(Tenure next) {
        lanes.open();
        tenure = next;
    }

    /**
     * Asks for the lease to be extended, in time. What is returned waits for the answer, so that a slow Redis costs all
     * partitions no more time than one; it ends the tenure if the lease is lost, or may be.
     */
    Runnable keep() {
        Tenure now = tenure;
        long asked = System.nanoTime();
        if (now == null || asked - now.extendedNanos < ttl.toNanos() / 4) {
            return () -> {};
        }
        if (asked - now.deadlineNanos >= 0) {
            return () -> end(now, "it could not be extended in time");
        }
        CompletableFuture<Boolean> extended = redis.extend(now.lease, ttl);
        return () -> {
            if (extended.join()) {
                now.extendedNanos = asked;
                now.deadlineNanos = partition.deadline(asked);
                partition.renewAllUntil(now.deadlineNanos);
            } else {
                end(now, "somebody else has it");
            }
        };
    }

    /** After {@link #handOver}: gives the partition up once no handler runs and everything is settled. */
    void releaseWhenQuiet() {
        Tenure now = tenure;
        if (now == null || !now.ending || reading || !lanes.quiet()) {
            return;
        }
        Set<Delivery> unstarted = lanes.deliveries();
        if (!unstarted.containsAll(partition.held())) {
            return;
        }
        redis.release(now.lease, lanes.unstarted()).join();
        if (ended(now)) {
            log.info("{}: handed over, {} messages with it", name, unstarted.size());
        }
    }

    // --- what others report

    @Override
    public synchronized void handOver() {
        Tenure now = tenure;
        if (now != null && !now.ending) {
            now.ending = true;
            lanes.stop(workers.withdraw(partition));
            wakeOwnership.run();
        }
    }

    @Override
    public void handlerEnded() {
        Tenure now = tenure;
        if (now != null && now.ending) {
            wakeOwnership.run();
        }
    }

    @Override
    public void doubt(String why) {
        Tenure now = tenure;
        if (now != null) {
            end(now, why);
            wakeOwnership.run();
        }
    }

    private void end(Tenure which, String why) {
        if (ended(which)) {
            log.warn("{}: no longer the owner: {}", name, why);
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very tenure
    private synchronized boolean ended(Tenure which) {
        if (tenure != which) {
            return false;
        }
        tenure = null;
        lanes.clear(workers.withdraw(partition));
        partition.loseAll();
        return true;
    }
}
