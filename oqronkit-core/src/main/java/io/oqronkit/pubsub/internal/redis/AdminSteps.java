package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.DeliveryState;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** What operations ask of one partition. Safe for concurrent use; every method waits for the answer. */
public final class AdminSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RedisLink link;
    private final PartitionKeys partition;

    public AdminSteps(RedisLink control, PartitionKeys partition) {
        this.link = control;
        this.partition = partition;
    }

    /** A group's figures on this partition. */
    public record Figures(
            long lag,
            long pending,
            long parked,
            long deadLetters,
            long dropped,
            Set<String> consumers,
            boolean paused,
            boolean abandoned,
            Optional<Outlook> outlook) {
        /** Those of a group that does not exist here. */
        public static final Figures NONE = new Figures(0, 0, 0, 0, 0, Set.of(), false, false, Optional.empty());
    }

    /**
     * What a forecast of losses needs to know.
     *
     * @param age of the oldest message the group has not finished
     * @param kept how many messages there are from that one on
     * @param published how many were published lately
     * @param lately how long that is
     */
    public record Outlook(Duration age, long kept, long published, Duration lately) {}

    public long messages() {
        return await(link.<Long>send(TIMEOUT, redis -> redis.xlen(partition.stream())));
    }

    /** Messages that have not entered the log yet. */
    public long scheduled() {
        return await(link.<Long>send(TIMEOUT, redis -> redis.zcard(partition.schedule())));
    }

    /** False if the message does not wait, or no longer. */
    public boolean cancel(MessageId id) {
        byte[][] keys = {partition.schedule(), partition.bodies()};
        return Bytes.number(await(Script.CANCEL.run(link, TIMEOUT, keys, Bytes.of(-id.offset())))
                        .get(0))
                == 1;
    }

    /** Those of users; temporary ones of shadow replays are not among them. */
    public Set<String> groups() {
        Set<String> names = allGroups();
        names.removeIf(ShadowSteps::isShadow);
        return names;
    }

    /** The temporary groups of shadow replays. */
    public Set<String> shadows() {
        Set<String> names = allGroups();
        names.removeIf(name -> !ShadowSteps.isShadow(name));
        return names;
    }

    private Set<String> allGroups() {
        Set<String> names = new LinkedHashSet<>();
        try {
            List<Object> reply =
                    await(link.<List<Object>>send(TIMEOUT, redis -> redis.xinfoGroups(partition.stream())));
            for (Object group : reply) {
                List<String> fields =
                        ((List<?>) group).stream().map(Bytes::text).toList();
                names.add(fields.get(fields.indexOf("name") + 1));
            }
        } catch (RedisFailure e) {
            if (!String.valueOf(e.getMessage()).contains("no such key")) {
                throw e;
            }
        }
        return names;
    }

    /**
     * Empty if there is no such group.
     *
     * @param outlook whether to ask for that too, if there is something to lose
     */
    public Optional<Figures> figures(String group, boolean outlook) {
        List<Object> reply = await(
                Script.STATS.run(link, TIMEOUT, partition.ofGroup(group), Bytes.of(group), Bytes.of(outlook ? 1 : 0)));
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        Set<String> consumers = new LinkedHashSet<>();
        ((List<?>) reply.get(5)).forEach(name -> consumers.add(Bytes.text(name)));
        return Optional.of(new Figures(
                Bytes.number(reply.get(0)),
                Bytes.number(reply.get(1)),
                Bytes.number(reply.get(2)),
                Bytes.number(reply.get(3)),
                Bytes.number(reply.get(4)),
                consumers,
                Bytes.number(reply.get(6)) == 1,
                Bytes.number(reply.get(7)) == 1,
                outlook((List<?>) reply.get(8))));
    }

    private static Optional<Outlook> outlook(List<?> reply) {
        return reply.isEmpty()
                ? Optional.empty()
                : Optional.of(new Outlook(
                        Duration.ofMillis(Bytes.number(reply.get(0))),
                        Bytes.number(reply.get(1)),
                        Bytes.number(reply.get(2)),
                        Duration.ofMillis(Bytes.number(reply.get(3)))));
    }

    /** Empty if there is no such group on this partition. */
    public Optional<DeliveryState> delivery(String group, MessageId id) {
        List<Object> reply = await(Script.DELIVERY.run(
                link,
                TIMEOUT,
                partition.ofGroup(group),
                Bytes.of(group),
                EntryId.of(id).bytes()));
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        String consumer = Bytes.text(reply.get(1));
        long since = Bytes.number(reply.get(3));
        return Optional.of(new DeliveryState(
                DeliveryState.Status.valueOf(Bytes.text(reply.get(0))),
                consumer.isEmpty() ? null : consumer,
                (int) Bytes.number(reply.get(2)),
                since == 0 ? null : Instant.ofEpochMilli(since)));
    }

    boolean isPaused(String group) {
        return await(link.<byte[]>send(TIMEOUT, redis -> redis.hget(partition.meta(), Bytes.of("paused:" + group))))
                != null;
    }

    /** How the group is used. */
    String mode(String group) {
        byte[] mode =
                await(link.<byte[]>send(TIMEOUT, redis -> redis.hget(partition.meta(), Bytes.of("mode:" + group))));
        return mode == null ? "" : Bytes.text(mode);
    }

    public void pause(String group) {
        await(link.<Boolean>send(
                TIMEOUT, redis -> redis.hset(partition.meta(), Bytes.of("paused:" + group), Bytes.of(1))));
    }

    /** Ends a pause or a halt. */
    public void resume(String group) {
        await(Script.RESUME.run(link, TIMEOUT, partition.ofGroup(group), Bytes.of(group)));
    }

    /** Gives up the message the group is halted at; false if it is not halted at this one. */
    public boolean skip(String group, MessageId id) {
        byte[] entry = EntryId.of(id).bytes();
        List<Object> reply = await(Script.SKIP.run(link, TIMEOUT, partition.ofGroup(group), Bytes.of(group), entry));
        return Bytes.number(reply.get(0)) == 1;
    }

    /** False if there was no such group. */
    public boolean deleteGroup(String group) {
        List<Object> reply = await(Script.DELETE_GROUP.run(link, TIMEOUT, partition.ofGroup(group), Bytes.of(group)));
        return Bytes.number(reply.get(0)) == 1;
    }

    /** Answers how many messages there were, scheduled ones included. */
    public long purge() {
        List<String> groups = List.copyOf(allGroups());
        byte[][] names = groups.stream().map(Bytes::of).toArray(byte[][]::new);
        return Bytes.number(await(Script.PURGE.run(link, TIMEOUT, partition.ofPurge(groups), names))
                .get(0));
    }

    /** Moves the group; false if there is no such group. */
    public boolean replay(String group, Position position) {
        PositionArgs at = PositionArgs.of(position, partition.partition());
        byte[] id = Bytes.of("");
        byte[] delivered = Bytes.of("");
        while (true) {
            List<Object> reply = await(Script.REPLAY.run(
                    link, TIMEOUT, partition.ofGroup(group), Bytes.of(group), at.kind(), at.value(), id, delivered));
            if (reply.isEmpty()) {
                return false;
            }
            if (Bytes.number(reply.get(2)) == 0) {
                return true;
            }
            id = (byte[]) reply.get(0);
            delivered = (byte[]) reply.get(1);
        }
    }

    private static <R> R await(java.util.concurrent.CompletableFuture<R> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw RedisFailure.of(e);
        }
    }
}
