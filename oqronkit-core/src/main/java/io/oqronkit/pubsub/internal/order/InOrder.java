package io.oqronkit.pubsub.internal.order;

import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.DeliveryOrder;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.redis.OrderSteps;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ordered: the next delivery of a lane begins when the one before it is done for good. A retry happens in place, and each
 * attempt beyond the first is counted in Redis before it begins. Safe for concurrent use; nothing here blocks.
 */
final class InOrder implements DeliveryOrder, Lanes.Steps {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.order");
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Object ONE_LANE = new Object();

    /** What the owner of the partition does about it. */
    interface Owner {
        /** The lease is lost, or what is held under it no longer to be relied on. */
        void doubt(String why);

        /** Nothing more is to be begun. */
        void handOver();

        /** A handler came back. */
        void handlerEnded();
    }

    private final GroupPartition partition;
    private final OrderSteps redis;
    private final Workers workers;
    private final OrderRules rules;
    private final Owner owner;
    private final Lanes lanes;

    InOrder(GroupPartition partition, OrderSteps redis, Workers workers, OrderRules rules, Owner owner) {
        this.partition = partition;
        this.redis = redis;
        this.workers = workers;
        this.rules = rules;
        this.owner = owner;
        this.lanes = new Lanes(partition, rules.byKey() ? InOrder::key : delivery -> ONE_LANE, this);
    }

    /** Messages without a key have no order: each has a lane of its own. */
    private static Object key(Delivery delivery) {
        byte[] key = delivery.entry().key();
        return key.length == 0 ? delivery.entry().id() : new String(key, StandardCharsets.ISO_8859_1);
    }

    Lanes lanes() {
        return lanes;
    }

    @Override
    public void retryAfter(Duration delay, Delivery delivery) {
        lanes.retryAfter(delivery, delay);
    }

    @Override
    public void giveUp(Delivery delivery, String cause, boolean keep) {
        if (!rules.halts()) {
            partition.giveUp(delivery, cause, keep);
            return;
        }
        log.error(
                "group {} of topic {} halts partition {} at message {}: {}",
                partition.events().group(),
                partition.events().topic(),
                partition.number(),
                delivery.entry().id().in(partition.number()),
                cause);
        lanes.haltAt(delivery);
        halt(delivery, cause);
    }

    @Override
    public boolean halts() {
        return rules.halts();
    }

    private void halt(Delivery delivery, String cause) {
        redis.halt(delivery.held().lease(), delivery.entry(), cause).whenComplete((done, error) -> {
            if (error == null || RedisFailure.of(error).kind() == RedisFailure.Kind.REFUSED) {
                owner.handOver();
            } else {
                schedule(() -> halt(delivery, cause), PAUSE);
            }
        });
    }

    @Override
    public CompletableFuture<Void> handBack(List<Delivery> unstarted) {
        lanes.stop(unstarted);
        owner.handOver();
        return CompletableFuture.completedFuture(null); // the hand-over waits for running handlers
    }

    @Override
    public void ended(Delivery delivery) {
        lanes.ended(delivery);
        owner.handlerEnded();
    }

    @Override
    public int waiting() {
        return lanes.waiting();
    }

    @Override
    public void start(Delivery delivery) {
        workers.submit(List.of(delivery));
    }

    @Override
    public void count(Delivery delivery) {
        redis.countAttempt(delivery.held()).whenComplete((counted, error) -> {
            if (error != null) {
                later(delivery, PAUSE);
                return;
            }
            switch (counted) {
                case YES -> lanes.counted(delivery);
                case NO_LONGER_PENDING -> gone(delivery);
                case LEASE_LOST -> owner.doubt("somebody else has it");
            }
        });
    }

    /** Replayed: it comes anew. Else the group has been made again, or the message removed: nothing held here is sure. */
    private void gone(Delivery delivery) {
        if (delivery.isVoid()) {
            lanes.gone(delivery);
        } else {
            owner.doubt("message %s is no longer pending"
                    .formatted(delivery.entry().id().in(partition.number())));
        }
    }

    @Override
    public void later(Delivery delivery, Duration delay) {
        schedule(() -> lanes.due(delivery), delay);
    }

    @Override
    public void tooLate() {
        owner.doubt("its deadline has passed");
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            rules.timer().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            // the lease runs out, and the next owner goes on
        }
    }
}
