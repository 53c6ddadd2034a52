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

/** The entries of a partition that all processes of a competing group read; any worker takes them. */
public final class SharedFeed implements Feed {

    private final GroupPartition partition;
    private final Workers workers;
    private final RedisLink link;

    public SharedFeed(GroupPartition partition, Workers workers, RedisLink link) {
        this.partition = partition;
        this.workers = workers;
        this.link = link;
    }

    @Override
    public Read read(int count, Duration block, GroupState seen) {
        return partition.redis().read(link, count, block, seen).join();
    }

    @Override
    public void hand(Read read, long askedNanos, boolean start) {
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
