package io.oqronkit.pubsub.internal.order;

import io.oqronkit.pubsub.internal.redis.MemberSteps;
import io.oqronkit.pubsub.internal.redis.MemberSteps.Members;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this process's share of the partitions of an ordered group: says that it is here, extends its leases, gives up
 * what it has too much of, takes what it has too little of. All members know the same list, so their shares add up, and a
 * partition changes its owner only if a member comes or goes. Runs on one thread.
 */
public final class Ownership implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.order");
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);
    private static final Duration SETTLING = Duration.ofMillis(10);
    /** Redis ends a lease with the millisecond, and this much later it is surely gone. */
    private static final Duration MARGIN = Duration.ofMillis(5);

    private final String name;
    private final String member;
    private final MemberSteps members;
    private final List<OwnedPartition> partitions;
    private final Duration ttl;
    private final Semaphore changes = new Semaphore(0);
    private volatile boolean away;
    private volatile boolean leaving;
    private boolean present;
    private boolean refused;

    /**
     * @param name topic and group, for the log
     * @param partitions there may come more of them
     * @param member this process
     * @param ttl how long it counts, and its leases hold, if nothing is heard of it
     */
    public Ownership(String name, String member, MemberSteps members, List<OwnedPartition> partitions, Duration ttl) {
        this.name = name;
        this.member = member;
        this.members = members;
        this.partitions = partitions;
        this.ttl = ttl;
        partitions.forEach(this::watch);
    }

    /** Of a partition it shares: looks at once when something has changed there. */
    public void watch(OwnedPartition partition) {
        partition.onChange(changes::release);
    }

    /** Until it has left and everything is handed over, or until interrupted. */
    @Override
    public void run() {
        try {
            while (!leaving || present || partitions.stream().anyMatch(OwnedPartition::owned)) {
                changes.tryAcquire(round().toMillis(), TimeUnit.MILLISECONDS);
                changes.drainPermits();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt(); // leases that are left run out
        }
    }

    /** Answers how long nothing need be done. */
    private Duration round() {
        try {
            partitions.stream().map(OwnedPartition::keep).toList().forEach(Runnable::run);
            Members others = sayHere();
            int share = share(others);
            giveUp(stay() - share);
            partitions.forEach(OwnedPartition::releaseWhenQuiet);
            Duration wait = shorter(
                    shorter(LONGEST_ROUND, ttl.dividedBy(4)), others.nextEnds().plus(MARGIN));
            if (partitions.stream().anyMatch(OwnedPartition::settling)) {
                wait = SETTLING;
            }
            refused = false;
            return acquire(share - stay(), wait);
        } catch (CompletionException e) {
            report(RedisFailure.of(e));
        } catch (RuntimeException defect) {
            log.error("{}: sharing partitions failed; it goes on", name, defect);
        }
        return AFTER_FAILURE;
    }

    private Members sayHere() {
        if (away || leaving) {
            Members others = present ? members.leave().join() : new Members(List.of(), LONGEST_ROUND);
            present = false;
            return others;
        }
        present = true;
        return members.join(ttl).join();
    }

    private int share(Members others) {
        return present ? FairShare.of(member, others.names(), partitions.size()) : 0;
    }

    private int stay() {
        return (int) partitions.stream().filter(OwnedPartition::stays).count();
    }

    private void giveUp(int tooMany) {
        int left = tooMany;
        for (int i = partitions.size() - 1; i >= 0 && left > 0; i--) {
            if (partitions.get(i).stays()) {
                partitions.get(i).handOver();
                left--;
            }
        }
    }

    private Duration acquire(int missing, Duration wait) {
        Duration shortest = wait;
        int left = missing;
        for (OwnedPartition partition : partitions) {
            if (left > 0 && !partition.owned()) {
                Duration again = partition.acquire();
                if (partition.owned()) {
                    left--;
                } else {
                    shortest = shorter(shortest, again.plus(MARGIN));
                }
            }
        }
        return shortest;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void report(RedisFailure failure) {
        if (failure.kind() == RedisFailure.Kind.REFUSED && !refused) { // an outage is told once, by the connections
            refused = true;
            log.error("{}: sharing partitions is refused by Redis: {}", name, failure.getMessage());
        }
    }

    /** Hands everything over and takes nothing until {@link #comeBack}. */
    public void goAway() {
        away = true;
        changes.release();
    }

    public void comeBack() {
        away = false;
        changes.release();
    }

    /** Hands everything over for good; then {@link #run} returns. */
    public void leave() {
        leaving = true;
        changes.release();
    }
}
