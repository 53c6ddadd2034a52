package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a partition of an ordered group does beside settling; each method is one atomic step, and takes
 * effect only under the lease it names. Safe for concurrent use.
 */
public final class OrderSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration READ_GRACE = Duration.ofSeconds(3);
    private static final Duration FORGET_CONSUMER_AFTER = Duration.ofHours(1);

    /** Nobody else is served while a script runs: one that read 400 kept Redis for 2 to 6 ms. */
    private static final int MOST_PER_SCRIPT = 100;

    private final RedisLink control;
    private final RedisLink reader;
    private final byte[] group;
    private final byte[] consumer;
    private final byte[][] keys;

    /** @param reader a connection of this partition's reader alone, since it blocks */
    public OrderSteps(RedisLinks links, RedisLink reader, PartitionKeys partition, String group, String consumer) {
        this.control = links.control();
        this.reader = reader;
        this.group = Bytes.of(group);
        this.consumer = Bytes.of(consumer);
        this.keys = partition.ofGroup(group);
    }

    /** A lease, or null and how long to wait before asking again. */
    public record Claim(@Nullable Lease lease, Duration askAgainIn, GroupState state) {}

    /**
     * Entries handed to the owner; the attempt of those taken over is the number of attempts so far.
     *
     * @param leased false if the lease is lost
     * @param last taken over: the last ref looked at, empty if there is no more
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Taken(boolean leased, List<StoredEntry> entries, byte[] last, GroupState state) {}

    /** What was read; where that is nothing, the ids behind which the next entries come. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Fresh(
            boolean leased, List<StoredEntry> entries, byte[] lastOfLog, byte[] lastRedriven, GroupState state) {}

    /** What became of counting an attempt. */
    public enum Counted {
        YES,
        NO_LONGER_PENDING,
        LEASE_LOST
    }

    public CompletableFuture<Claim> acquire(Duration ttl) {
        return Script.ACQUIRE
                .run(control, TIMEOUT, keys, group, consumer, Bytes.of(ttl.toMillis()))
                .thenApply(reply -> {
                    byte[] token = (byte[]) reply.get(0);
                    long number = Bytes.number(reply.get(1));
                    GroupState state = GroupState.of(reply.get(2));
                    return token.length > 0
                            ? new Claim(new Lease(token, number), Duration.ZERO, state)
                            : new Claim(null, Duration.ofMillis(Math.max(0, number)), state);
                });
    }

    /** Completes with false if the lease is lost. */
    public CompletableFuture<Boolean> extend(Lease lease, Duration ttl) {
        return Script.EXTEND
                .run(control, TIMEOUT, keys, lease.token(), Bytes.of(ttl.toMillis()))
                .thenApply(OrderSteps::isOne);
    }

    /** @param unstarted what goes back to the group, with the attempts to store */
    public CompletableFuture<Boolean> release(Lease lease, List<Held> unstarted) {
        List<byte[]> args = new ArrayList<>(2 + 2 * unstarted.size());
        args.add(group);
        args.add(lease.token());
        for (Held one : unstarted) {
            args.add(one.ref());
            args.add(Bytes.of(one.attempt()));
        }
        return Script.RELEASE
                .run(control, TIMEOUT, keys, args.toArray(new byte[0][]))
                .thenApply(OrderSteps::isOne);
    }

    /**
     * The next of what was pending when the lease began.
     *
     * @param after empty at first, then the last ref
     * @param count at most so many; fewer where a script would take long for them
     * @param seen the last state the caller was told
     */
    public CompletableFuture<Taken> take(Lease lease, byte[] after, int count, GroupState seen) {
        return Script.TAKE
                .run(
                        reader,
                        TIMEOUT,
                        keys,
                        group,
                        consumer,
                        lease.token(),
                        after,
                        Bytes.of(Math.min(count, MOST_PER_SCRIPT)),
                        Bytes.of(FORGET_CONSUMER_AFTER.toMillis()),
                        seen.lastId())
                .thenApply(reply -> new Taken(
                        Bytes.number(reply.get(0)) == 1,
                        StoredEntry.listOf((List<?>) reply.get(1)),
                        (byte[]) reply.get(2),
                        GroupState.of(reply.get(3))));
    }

    /**
     * @param count at most so many of each stream; fewer where a script would take long for them
     * @param seen the last state the caller was told
     */
    public CompletableFuture<Fresh> read(Lease lease, int count, GroupState seen) {
        return Script.READ_OWNED
                .run(
                        reader,
                        TIMEOUT,
                        keys,
                        group,
                        consumer,
                        lease.token(),
                        Bytes.of(Math.min(count, MOST_PER_SCRIPT)),
                        seen.lastId())
                .thenApply(reply -> new Fresh(
                        Bytes.number(reply.get(0)) == 1,
                        StoredEntry.listOf((List<?>) reply.get(1)),
                        (byte[]) reply.get(2),
                        (byte[]) reply.get(3),
                        GroupState.of(reply.get(4))));
    }

    /** Completes when there is something behind these ids, or {@code block} has passed; changes nothing. */
    @SuppressWarnings("unchecked") // a generic array for the varargs
    public CompletableFuture<?> awaitEntries(Fresh nothing, Duration block) {
        XReadArgs args = XReadArgs.Builder.block(block).count(1);
        StreamOffset<byte[]> log = StreamOffset.from(keys[0], Bytes.text(nothing.lastOfLog()));
        StreamOffset<byte[]> redriven = StreamOffset.from(keys[1], Bytes.text(nothing.lastRedriven()));
        return reader.<List<StreamMessage<byte[], byte[]>>>send(
                block.plus(READ_GRACE), redis -> redis.xread(args, log, redriven));
    }

    /** Ends {@link #awaitEntries}, if it can be done. */
    public void wake() {
        reader.wake(control);
    }

    /** To be called before an entry starts that has been tried before, or may have been. */
    public CompletableFuture<Counted> countAttempt(Held held) {
        return Script.ATTEMPT
                .run(
                        control,
                        TIMEOUT,
                        keys,
                        group,
                        consumer,
                        held.lease().token(),
                        Bytes.of(held.generation()),
                        held.ref(),
                        Bytes.of(held.attempt()))
                .thenApply(reply -> switch ((int) Bytes.number(reply.get(0))) {
                    case 1 -> Counted.YES;
                    case 0 -> Counted.NO_LONGER_PENDING;
                    default -> Counted.LEASE_LOST;
                });
    }

    /** Stops the partition for the group at this message; completes with false if the lease is lost. */
    public CompletableFuture<Boolean> halt(Lease lease, StoredEntry entry, String cause) {
        byte[] id = entry.id().bytes();
        return Script.HALT
                .run(control, TIMEOUT, keys, group, lease.token(), entry.ref(), id, Bytes.of(cause))
                .thenApply(OrderSteps::isOne);
    }

    private static boolean isOne(List<Object> reply) {
        return Bytes.number(reply.get(0)) == 1;
    }
}
