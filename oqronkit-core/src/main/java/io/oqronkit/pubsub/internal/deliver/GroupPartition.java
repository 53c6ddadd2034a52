package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.internal.redis.GroupState;
import io.oqronkit.pubsub.internal.redis.GroupSteps;
import io.oqronkit.pubsub.internal.redis.Lease;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a group as this process sees it: what it holds, and how that is settled. Safe for concurrent use.
 */
public final class GroupPartition {

    /** A start is allowed for this share of the ack deadline, so that clocks and network have room. */
    private static final double SAFE_SHARE = 0.9;

    private final GroupEvents events;
    private final GroupSteps redis;
    private final Duration ackDeadline;
    private final Settlement settlement;
    private final HeldDeliveries held = new HeldDeliveries();
    private volatile @Nullable Thread reader;
    private volatile boolean roomAwaited;
    private volatile Runnable onRetrySoon = () -> {};
    private volatile DeliveryOrder order;
    private volatile GroupState state = GroupState.UNKNOWN;
    private volatile long lastOffset = Long.MAX_VALUE;

    public GroupPartition(GroupEvents events, GroupSteps redis, Duration ackDeadline, ScheduledExecutorService timer) {
        this.events = events;
        this.redis = redis;
        this.ackDeadline = ackDeadline;
        this.settlement = new Settlement(this, redis, timer);
        this.order = new AnyOrder(settlement);
    }

    /** Makes it a partition of an ordered group; before anything is held. */
    public void orderedBy(DeliveryOrder order) {
        this.order = order;
    }

    DeliveryOrder order() {
        return order;
    }

    public int number() {
        return events.partition();
    }

    public GroupEvents events() {
        return events;
    }

    public GroupSteps redis() {
        return redis;
    }

    Settlement settlement() {
        return settlement;
    }

    public GroupState state() {
        return state;
    }

    /** Why the group stands still here, and what to do; empty if it does not. */
    public Optional<String> halt() {
        return Optional.ofNullable(state.haltedAt())
                .map(at -> "halted at message %d:%s; resume the group or skip the message".formatted(number(), at));
    }

    /** What the group's state is now; deliveries of an older generation are void where it says so. */
    public void learn(GroupState current) {
        state = current;
    }

    /** A shadow replay ends with this offset; what lies behind it is acknowledged unhandled. */
    public void endWith(long lastOffset) {
        this.lastOffset = lastOffset;
    }

    /** True if these entries reach the end, so that there is no need to read on. */
    public boolean endsWithin(List<StoredEntry> entries) {
        return entries.get(entries.size() - 1).offset() >= lastOffset;
    }

    boolean isBeyondEnd(StoredEntry entry) {
        return entry.offset() > lastOffset;
    }

    /**
     * Takes responsibility for an entry.
     *
     * @param askedNanos when Redis was asked for it: its ack deadline began no earlier
     */
    public Delivery hold(StoredEntry entry, long generation, long askedNanos) {
        return hold(new Delivery(this, entry, generation, Lease.NONE, false, deadline(askedNanos)));
    }

    /** As {@link #hold}, under a lease of the whole partition, whose end is the deadline. */
    public Delivery holdLeased(StoredEntry entry, long generation, Lease lease, long deadlineNanos) {
        return hold(new Delivery(this, entry, generation, lease, false, deadlineNanos));
    }

    /** Takes on the next attempt at a message in place of the last one. */
    public Delivery holdAgain(Delivery failed) {
        drop(List.of(failed));
        return hold(failed.again());
    }

    /** As {@link #hold}, for an entry that was taken over. */
    public Delivery holdRedelivery(StoredEntry entry, long generation, long askedNanos) {
        return hold(new Delivery(this, entry, generation, Lease.NONE, true, deadline(askedNanos)));
    }

    private Delivery hold(Delivery delivery) {
        held.add(delivery);
        return delivery;
    }

    public long deadline(long askedNanos) {
        return askedNanos + (long) (ackDeadline.toNanos() * SAFE_SHARE);
    }

    /** The lease was extended, and with it the deadline of all that is held. */
    public void renewAllUntil(long deadlineNanos) {
        held().forEach(delivery -> delivery.renewedUntil(deadlineNanos));
    }

    /** Gives a delivery up in Redis: a dead letter, or dropped and counted. */
    public void giveUp(Delivery delivery, String cause, boolean keep) {
        settlement.giveUp(delivery, cause, keep);
    }

    /** Settled, lost, or handed back: no longer our business. */
    public void drop(Collection<Delivery> deliveries) {
        held.removeAll(deliveries);
        if (roomAwaited) { // while it waits for Redis it would wake up for nothing
            wakeReader();
        }
    }

    public void wakeReader() {
        LockSupport.unpark(reader);
    }

    /** The group no longer counts on this process for it; no news if it was settled in the meantime. */
    void lose(Delivery delivery) {
        if (held.contains(delivery) && delivery.lose()) {
            events.leaseLost(delivery);
        }
        drop(List.of(delivery));
    }

    /** Gives up on everything held: the process stops and cannot wait for its handlers any longer. */
    public void loseAll() {
        held().forEach(this::lose);
    }

    public int heldCount() {
        return held.count();
    }

    /** Of those held, how many need a worker now or soon: not those that wait for another one to end. */
    public int inWork() {
        return heldCount() - order.waiting();
    }

    public List<Delivery> held() {
        return held.copy();
    }

    /** Whom to tell when a retry becomes due that was parked from here. */
    public void onRetrySoon(Runnable listener) {
        onRetrySoon = listener;
    }

    void retryIsDue() {
        onRetrySoon.run();
    }

    /** Waits until something is dropped or the time is over, unless there is room; for one thread, the partition's reader. */
    public void awaitRoom(Duration atMost, BooleanSupplier isThere) {
        roomAwaited = true;
        if (!isThere.getAsBoolean()) {
            awaitWakeUp(atMost);
        }
        roomAwaited = false;
    }

    /** Waits for {@link #wakeReader} or until the time is over; for the same thread. */
    public void awaitWakeUp(Duration atMost) {
        reader = Thread.currentThread();
        LockSupport.parkNanos(this, atMost.toNanos());
    }

    /** Of these refs, which Redis says are ours, those nobody here works on: their hand-out never arrived (R#7). */
    public List<byte[]> orphansAmong(List<byte[]> refs) {
        Set<String> known = new HashSet<>();
        for (Delivery delivery : held()) {
            known.add(new String(delivery.entry().ref(), StandardCharsets.US_ASCII));
        }
        return refs.stream()
                .filter(ref -> !known.contains(new String(ref, StandardCharsets.US_ASCII)))
                .toList();
    }
}
