package io.oqronkit.pubsub.internal.read;

import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.redis.GroupState;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Read;
import io.oqronkit.pubsub.internal.redis.RedisLink;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The entries of a partition that all processes of a competing group read; any worker takes them. */
public final class SharedFeed implements Feed {

    /** So many are handed over on the event loop, where a worker waits for them: it need not wait for the reader, too. */
    private static final int FEW = 8;

    private final GroupPartition partition;
    private final Workers workers;
    private final RedisLink link;
    private boolean handed; // what was read last

    public SharedFeed(GroupPartition partition, Workers workers, RedisLink link) {
        this.partition = partition;
        this.workers = workers;
        this.link = link;
    }

    @Override
    public Read read(int count, Duration block, GroupState seen, Predicate<Read> startable) {
        long asked = System.nanoTime();
        handed = false;
        return partition
                .redis()
                .read(link, count, block, seen)
                .thenApply(read -> {
                    if (read.entries().size() <= FEW && workers.hungry() && startable.test(read)) {
                        hand(read, asked, true);
                        handed = true;
                    }
                    return read;
                })
                .join();
    }

    @Override
    public void hand(Read read, long askedNanos, boolean start) {
        if (handed) {
            return;
        }
        List<Delivery> deliveries = new ArrayList<>(read.entries().size());
        for (StoredEntry entry : read.entries()) {
            deliveries.add(partition.hold(entry, read.state().generation(), askedNanos));
        }
        if (start) {
            workers.submit(deliveries);
        } else {
            Workers.handBack(deliveries);
        }
    }

    @Override
    public boolean canBeWoken() {
        return partition.redis().canWake(link);
    }

    @Override
    public void wake() {
        partition.redis().wake(link);
    }

    @Override
    public void withdraw() {
        workers.handBack();
    }
}
