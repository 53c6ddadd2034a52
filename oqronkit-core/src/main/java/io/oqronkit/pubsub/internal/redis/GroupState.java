package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.KeyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every process must know of a group on a partition: how often it was replayed, what the last replay left alone,
 * and whether it is paused. A delivery made before a replay is void behind the replay's position, since it is made again.
 *
 * @param generation rises with each replay
 * @param previous the generation before, -1 if there was none
 * @param position what lies up to here was left alone by the last replay; null if there was none
 * @param paused nobody may take messages for the group
 */
public record GroupState(
        long generation, long previous, @Nullable EntryId position, boolean paused) {

    /** Before anything is known of the group. */
    public static final GroupState UNKNOWN = new GroupState(1, -1, null, false);

    static byte[][] fields(String group) {
        return new byte[][] {
            Bytes.of("gen:" + group), Bytes.of("prev:" + group), Bytes.of("pos:" + group), Bytes.of("paused:" + group)
        };
    }

    static GroupState of(List<KeyValue<byte[], byte[]>> fields) {
        return new GroupState(
                fields.get(0).hasValue() ? Bytes.number(fields.get(0).getValue()) : 1,
                fields.get(1).hasValue() ? Bytes.number(fields.get(1).getValue()) : -1,
                fields.get(2).hasValue() ? EntryId.parse(fields.get(2).getValue()) : null,
                fields.get(3).hasValue());
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
