package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.order.OrderRules;
import io.oqronkit.pubsub.internal.order.OwnedPartition;
import io.oqronkit.pubsub.internal.order.Ownership;
import io.oqronkit.pubsub.internal.read.Feed;
import io.oqronkit.pubsub.internal.redis.MemberSteps;
import io.oqronkit.pubsub.internal.redis.OrderSteps;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.RedisLink;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Each partition has one owner among the processes; this one owns its share of them. */
final class OrderedSharing implements Sharing {

    /** A group of a topic, as this process takes part in it. */
    record Place(String topic, String group, String member, List<PartitionKeys> partitions) {
        String name() {
            return topic + "/" + group;
        }
    }

    private final Place place;
    private final SubscriptionSettings settings;
    private final RedisLinks links;
    private final Workers workers;
    private final OrderRules rules;
    private final List<OwnedPartition> owned = new CopyOnWriteArrayList<>();
    private @Nullable Ownership ownership;
    private @Nullable Thread sharing;

    OrderedSharing(Place place, SubscriptionSettings settings, RedisLinks links, Workers workers) {
        this.place = place;
        this.settings = settings;
        this.links = links;
        this.workers = workers;
        this.rules = new OrderRules(
                settings.mode() == ConsumerMode.KEY_ORDERED,
                settings.afterRetries() == AfterRetries.HALT,
                links.timer());
    }

    @Override
    public Feed feed(GroupPartition partition, RedisLink reader) {
        PartitionKeys keys = place.partitions().get(partition.number());
        OrderSteps redis = new OrderSteps(links, reader, keys, place.group(), place.member());
        OwnedPartition feed = new OwnedPartition(partition, redis, workers, rules, settings.ackDeadline());
        if (ownership != null) {
            ownership.watch(feed);
        }
        owned.add(feed);
        return feed;
    }

    @Override
    public void start() {
        MemberSteps members = new MemberSteps(links, place.partitions().get(0), place.group(), place.member());
        ownership = new Ownership(place.name(), place.member(), members, owned, settings.ackDeadline());
        sharing = new Thread(ownership, "oqronkit-" + place.name() + "-owner");
        sharing.start();
    }

    @Override
    public void pause() {
        if (ownership != null) {
            ownership.goAway();
        }
    }

    @Override
    public void resume() {
        if (ownership != null) {
            ownership.comeBack();
        }
    }

    @Override
    public void stop() {
        if (ownership != null) {
            ownership.leave();
        }
    }

    @Override
    public void awaitStopped(long atMostMs) {
        // leases are kept while handlers run
    }

    @Override
    public void awaitLeft(long atMostMs) throws InterruptedException {
        if (sharing != null) {
            sharing.join(atMostMs);
            sharing.interrupt();
        }
    }
}
