package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.KeyValue;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.oqronkit.pubsub.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a consumer does on one partition of its group; each method is one atomic step. Safe for concurrent use. Reads
 * go over the reader's own connection, settlements over the command connection, the rest over the control connection.
 */
public final class GroupSteps {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration FORGET_CONSUMER_AFTER = Duration.ofHours(1);
    private static final Duration READ_GRACE = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int KEYS_OF_STATE = 3;
    private static final Executor LATER = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private static final byte[] GROUP = Bytes.of("group");

    private static final String BEHIND_ALL = new EntryId(1L << 53, 0).toString();

    private final RedisLink commands;
    private final RedisLink control;
    private final PartitionKeys partition;
    private final byte[] group;
    private final byte[] consumer;
    private final byte[][] keys;
    private final byte[] mode;
    private final byte[][] stateFields;

    /** @param mode how the group is used; one for all its processes */
    public GroupSteps(RedisLinks links, PartitionKeys partition, String group, String consumer, String mode) {
        this.commands = links.commands();
        this.control = links.control();
        this.partition = partition;
        this.group = Bytes.of(group);
        this.consumer = Bytes.of(consumer);
        this.keys = partition.ofGroup(group);
        this.mode = Bytes.of(mode);
        this.stateFields = GroupState.fieldsOf(group);
    }

    /** An entry named for a settlement, as this consumer holds it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; see StoredEntry
    public record Held(long generation, Lease lease, byte[] ref, int attempt) {}

    /** New entries, and the group's state after they were handed out. */
    public record Read(List<StoredEntry> entries, GroupState state) {}

    /**
     * What was taken over; our own refs past their deadline; how many had been trimmed away while pending; whether anything is
     * pending or parked for anybody.
     */
    public record Reclaimed(long generation, List<StoredEntry> entries, List<byte[]> mine, int gone, boolean pending) {}

    /**
     * Makes sure group and consumer exist, and that the group stands within the log; true if it had to be created.
     * Refused while another mode is in use, and to a user who may not run all that consuming needs sooner or later.
     */
    public CompletableFuture<Boolean> ensure(Position start, boolean known) {
        return known || partition.partition() > 0
                ? make(start, known)
                : permitted().thenCompose(yes -> make(start, false));
    }

    private CompletableFuture<Void> permitted() {
        return Permissions.missingForConsuming(control, keys[0])
                .thenCompose(missing -> missing.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(RedisFailure.notPermitted(missing, null)));
    }

    private CompletableFuture<Boolean> make(Position start, boolean known) {
        PositionArgs at = PositionArgs.of(start, partition.partition());
        return Script.ENSURE
                .run(control, TIMEOUT, keys, group, consumer, at.kind(), at.value(), Bytes.of(known ? 1 : 0), mode)
                .thenApply(reply -> {
                    if (Bytes.number(reply.get(2)) == 1) {
                        log.warn(
                                "group {} stood beyond the end of {} and is set back",
                                Bytes.text(group),
                                Bytes.text(keys[0]));
                    }
                    return Bytes.number(reply.get(0)) == 1;
                });
    }

    /**
     * Waits up to {@code block} for at most {@code count} new entries of either stream. The state is asked for
     * behind the read on the same connection, so it is never older than the entries.
     * For one caller on the link at a time.
     *
     * @param seen the last state the caller was told
     */
    public CompletableFuture<Read> read(RedisLink reader, int count, Duration block, GroupState seen) {
        CompletableFuture<List<StoredEntry>> entries = reader.send(
                block.plus(READ_GRACE),
                redis -> redis.dispatch(CommandType.XREADGROUP, new EntriesOutput(keys[1]), readArgs(count, block)));
        CompletableFuture<GroupState> state = stateBehind(reader, block.plus(READ_GRACE), seen);
        return entries.thenCompose(read -> (read.isEmpty() ? state : insist(state, seen, System.nanoTime()))
                .thenApply(now -> new Read(read, now)));
    }

    /**
     * Without a script, which would cost Redis more than the read, unless the connection is another one: only then may another
     * server, or the same with older data, be behind it.
     */
    private CompletableFuture<GroupState> stateBehind(RedisLink reader, Duration timeout, GroupState seen) {
        CompletableFuture<List<KeyValue<byte[], byte[]>>> fields =
                reader.send(timeout, redis -> redis.hmget(keys[2], stateFields));
        return fields.thenCompose(told -> {
            int connection = reader.connection();
            return connection == seen.connection()
                    ? CompletableFuture.completedFuture(GroupState.of(told, connection))
                    : state(reader, TIMEOUT, seen).thenApply(now -> now.over(connection));
        });
    }

    /** What was handed out is ours: while a slot moves it may be that the one works and the other does not (R#33). */
    private CompletableFuture<GroupState> insist(CompletableFuture<GroupState> state, GroupState seen, long since) {
        return state.exceptionallyCompose(error -> System.nanoTime() - since > PATIENCE.toNanos()
                ? CompletableFuture.failedFuture(error)
                : CompletableFuture.supplyAsync(() -> seen, LATER)
                        .thenCompose(known -> insist(state(known), known, since)));
    }

    /** True if {@link #wake} can end a read over this connection, so that a long one does no harm. */
    public boolean canWake(RedisLink reader) {
        return reader.canBeWoken();
    }

    /** Ends the read that waits on this connection, if one does, as if its time were over. */
    public void wake(RedisLink reader) {
        reader.wake(control);
    }

    /** Whether there is something to do for the group, or its state is no longer this one. */
    public Lookout.Question question(GroupState known) {
        return new Lookout.Question(
                new byte[][] {keys[0], keys[1], keys[2]},
                GROUP,
                group,
                Bytes.of(known.generation() + (known.paused() ? "p" : "")));
    }

    /**
     * Lets Redis see that this consumer is there, by asking what it holds behind the last possible id. Redis before 7.2
     * does not count a read of new entries that finds none.
     */
    public CompletableFuture<Boolean> showPresence() {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add("GROUP")
                .add(group)
                .add(consumer)
                .add("STREAMS")
                .addKey(keys[0])
                .add(BEHIND_ALL);
        return control.<List<StoredEntry>>send(
                        TIMEOUT, redis -> redis.dispatch(CommandType.XREADGROUP, new EntriesOutput(keys[1]), args))
                .thenApply(List::isEmpty);
    }

    /** @param seen the last state the caller was told */
    public CompletableFuture<GroupState> state(GroupState seen) {
        return state(control, TIMEOUT, seen);
    }

    private CompletableFuture<GroupState> state(RedisLink link, Duration timeout, GroupState seen) {
        return Script.STATE
                .run(link, timeout, Arrays.copyOf(keys, KEYS_OF_STATE), group, seen.lastId())
                .thenApply(GroupState::of);
    }

    private CommandArgs<byte[], byte[]> readArgs(int count, Duration block) {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add("GROUP")
                .add(group)
                .add(consumer)
                .add("COUNT")
                .add(count)
                .add("BLOCK")
                .add(block.toMillis())
                .add("STREAMS")
                .addKey(keys[0])
                .addKey(keys[1])
                .add(">")
                .add(">");
    }

    /** Settles for good; completes with how many were refused, since the group was replayed or the lease lost. */
    public CompletableFuture<Long> ack(long generation, Lease lease, List<StoredEntry> entries) {
        long redriven = entries.stream().filter(StoredEntry::redriven).count();
        List<StoredEntry> refs = redriven == 0 ? entries : StoredEntry.redrivenFirst(entries);
        byte[][] args = {group, Bytes.of(generation), lease.token(), Bytes.of(redriven)};
        return Script.ACK.run(commands, TIMEOUT, keys, refs, args).thenApply(reply -> Bytes.number(reply.get(0)));
    }

    /** Puts entries aside until the delay has passed; completes with how many were still ours to park. */
    public CompletableFuture<Long> retryAfter(Duration delay, Held held) {
        return park(delay, List.of(held), 0);
    }

    /** Hands back what was not started: due at once, with the attempt taken back. */
    public CompletableFuture<Long> handBack(List<Held> held) {
        return park(Duration.ZERO, held, 1);
    }

    private CompletableFuture<Long> park(Duration delay, List<Held> held, int attemptsTakenBack) {
        List<byte[]> args = new ArrayList<>(3 + 4 * held.size());
        args.add(group);
        args.add(consumer);
        args.add(Bytes.of(delay.toMillis()));
        for (Held one : held) {
            args.add(Bytes.of(one.generation()));
            args.add(one.ref());
            args.add(Bytes.of(one.attempt()));
            args.add(Bytes.of(one.attempt() - attemptsTakenBack));
        }
        return run(Script.PARK, commands, args).thenApply(reply -> Bytes.number(reply.get(0)));
    }

    /** Gives a message up, with its cause; completes with false if it is no longer ours. */
    public CompletableFuture<Boolean> giveUp(
            long generation, Lease lease, StoredEntry entry, String cause, boolean keep) {
        return Script.DEAD
                .run(
                        commands,
                        TIMEOUT,
                        keys,
                        group,
                        consumer,
                        Bytes.of(generation),
                        entry.ref(),
                        Bytes.of(entry.attempt()),
                        entry.id().bytes(),
                        Bytes.of(cause),
                        Bytes.of(keep ? 1 : 0),
                        entry.payload(),
                        entry.key(),
                        entry.headers(),
                        lease.token())
                .thenApply(reply -> Bytes.number(reply.get(0)) == 1);
    }

    /** Extends the ack deadline; completes with the positions of the refs that are no longer ours. */
    public CompletableFuture<List<Integer>> renew(List<byte[]> refs) {
        List<byte[]> args = new ArrayList<>(refs.size() + 2);
        args.add(group);
        args.add(consumer);
        args.addAll(refs);
        return run(Script.RENEW, control, args)
                .thenApply(reply ->
                        reply.stream().map(at -> (int) Bytes.number(at)).toList());
    }

    /** Takes over what is due or abandoned, {@code count} at most; {@code orphans} are own refs nobody here works on. */
    public CompletableFuture<Reclaimed> reclaim(Duration ackDeadline, int count, List<byte[]> orphans) {
        return reclaim(ackDeadline, count, FORGET_CONSUMER_AFTER, orphans);
    }

    CompletableFuture<Reclaimed> reclaim(
            Duration ackDeadline, int count, Duration forgetConsumerAfter, List<byte[]> orphans) {
        List<byte[]> args = new ArrayList<>(orphans.size() + 4);
        args.add(group);
        args.add(consumer);
        args.add(Bytes.of(ackDeadline.toMillis()));
        args.add(Bytes.of(count));
        args.add(Bytes.of(forgetConsumerAfter.toMillis()));
        args.addAll(orphans);
        return run(Script.RECLAIM, control, args).thenApply(GroupSteps::reclaimed);
    }

    /** Removes this consumer unless something is still pending for it. */
    public CompletableFuture<Boolean> leave() {
        return run(Script.LEAVE, control, List.of(group, consumer)).thenApply(reply -> Bytes.number(reply.get(0)) == 1);
    }

    private CompletableFuture<List<Object>> run(Script script, RedisLink link, List<byte[]> args) {
        return script.run(link, TIMEOUT, keys, args.toArray(new byte[0][]));
    }

    private static Reclaimed reclaimed(List<Object> reply) {
        List<byte[]> mine = new ArrayList<>();
        for (Object ref : (List<?>) reply.get(2)) {
            mine.add((byte[]) ref);
        }
        return new Reclaimed(
                Bytes.number(reply.get(0)),
                StoredEntry.listOf((List<?>) reply.get(1)),
                mine,
                (int) Bytes.number(reply.get(3)),
                Bytes.number(reply.get(4)) > 0);
    }
}
