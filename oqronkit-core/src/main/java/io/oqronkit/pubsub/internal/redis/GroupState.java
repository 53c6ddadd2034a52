package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every process must know of a group on a partition: how often it was replayed, what the last replay left alone,
 * and whether it is paused or halted. A delivery made before a replay is void behind the replay's position, since it is made again.
 *
 * @param generation rises with each replay
 * @param previous the generation before, -1 if there was none
 * @param position what lies up to here was left alone by the last replay; null if there was none
 * @param paused nobody may take messages for the group
 * @param haltedAt the message that failed for good and stops the partition, with its cause; null if there is none
 * @param history names the partition's data from its beginning on; null if unknown
 * @param last id of the newest message ever stored in it; null if unknown
 * @param setBack the newest message that whoever asked had seen is not in the log, though no limit removed it
 * @param connection which of the asking link's connections told it; 0 if none in particular
 */
public record GroupState(
        long generation,
        long previous,
        @Nullable EntryId position,
        boolean paused,
        @Nullable String haltedAt,
        @Nullable String history,
        @Nullable EntryId last,
        boolean setBack,
        int connection) {

    /** Before anything is known of the group. */
    public static final GroupState UNKNOWN = new GroupState(1, -1, null, false, null, null, null, false, 0);

    /** From the answer of {@code stateOf} in {@code lib-group.lua}. */
    static GroupState of(Object fields) {
        List<byte @Nullable []> values =
                ((List<?>) fields).stream().map(byte[].class::cast).toList();
        return of(values, values.get(7) != null, 0);
    }

    /** What {@code stateOf} reads of the meta hash. */
    static byte[][] fieldsOf(String group) {
        return Stream.of(
                        "gen:" + group,
                        "prev:" + group,
                        "pos:" + group,
                        "paused:" + group,
                        "halted:" + group,
                        "history",
                        "l")
                .map(Bytes::of)
                .toArray(byte[][]::new);
    }

    /** From these fields; whether the log was set back is not among them. */
    static GroupState of(List<KeyValue<byte[], byte[]>> fields, int connection) {
        List<byte @Nullable []> values = new ArrayList<>(fields.size());
        fields.forEach(field -> values.add(field.isEmpty() ? null : field.getValue()));
        return of(values, false, connection);
    }

    private static GroupState of(List<byte @Nullable []> values, boolean setBack, int connection) {
        byte[] generation = values.get(0);
        byte[] previous = values.get(1);
        byte[] position = values.get(2);
        byte[] halted = values.get(4);
        byte[] history = values.get(5);
        byte[] last = values.get(6);
        return new GroupState(
                generation == null ? 1 : Bytes.number(generation),
                previous == null ? -1 : Bytes.number(previous),
                position == null ? null : EntryId.parse(position),
                values.get(3) != null,
                halted == null ? null : withoutRef(Bytes.text(halted)),
                history == null ? null : Bytes.text(history),
                last == null ? null : EntryId.parse(last),
                setBack,
                connection);
    }

    GroupState over(int newConnection) {
        return new GroupState(generation, previous, position, paused, haltedAt, history, last, setBack, newConnection);
    }

    /** What is stored is {@code ref id cause}. */
    private static String withoutRef(String halted) {
        return halted.substring(halted.indexOf(' ') + 1);
    }

    /** The highest offset ever given, -1 if unknown. */
    public long lastOffset() {
        return last == null ? -1 : last.offset();
    }

    /** As an argument of a script. */
    byte[] lastId() {
        return last == null ? new byte[0] : last.bytes();
    }

    /** Nobody may take messages at the moment. */
    public boolean stopped() {
        return paused || haltedAt != null;
    }

    /** True if Redis has come back with older data since (R#4), or with none (R#12). */
    public boolean isRewoundFrom(GroupState earlier) {
        boolean replaced = history != null && earlier.history != null && !history.equals(earlier.history);
        return replaced || setBack || (last != null && last.offset() < earlier.lastOffset());
    }

    /** True if a delivery made in that generation is void by now. */
    public boolean voids(long generationOfDelivery, StoredEntry entry) {
        if (generationOfDelivery >= generation || entry.redriven()) {
            return false;
        }
        return generationOfDelivery != previous
                || position == null
                || entry.id().compareTo(position) > 0;
    }
}
