package io.oqronkit.pubsub.internal.redis;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the messages of a batch lie. Those it appended to the log have the ids {@code <ms>-<first>}, {@code <ms>-<first
 * + 1>} and so on, in their order; the others were there already, under an idempotency key, or are scheduled.
 *
 * @param again this very batch had been stored before
 * @param elsewhere the others by their place in the batch, from 0
 */
public record StoredBatch(long ms, long first, boolean again, SortedMap<Integer, Elsewhere> elsewhere) {

    /**
     * A message that this batch did not append.
     *
     * @param id its offset is below 0 while the message is scheduled; then its ms is when it is due
     * @param there it had been stored before
     */
    record Elsewhere(EntryId id, boolean there) {
        boolean isScheduled() {
            return id.offset() < 0;
        }
    }

    static StoredBatch of(List<Object> reply) {
        SortedMap<Integer, Elsewhere> elsewhere = Collections.emptySortedMap();
        if (reply.size() > 3) {
            elsewhere = new TreeMap<>();
            for (int i = 3; i < reply.size(); i += 4) {
                elsewhere.put(
                        (int) Bytes.number(reply.get(i)) - 1,
                        new Elsewhere(
                                new EntryId(Bytes.number(reply.get(i + 1)), Bytes.number(reply.get(i + 2))),
                                Bytes.number(reply.get(i + 3)) == 1));
            }
        }
        return new StoredBatch(
                Bytes.number(reply.get(0)), Bytes.number(reply.get(1)), Bytes.number(reply.get(2)) == 1, elsewhere);
    }

    public EntryId id(int place) {
        Elsewhere other = elsewhere.get(place);
        if (other != null) {
            return other.id();
        }
        int before = elsewhere.isEmpty() ? 0 : elsewhere.headMap(place).size();
        return new EntryId(ms, first + place - before);
    }

    /** True if publishing this message stored nothing. */
    public boolean isDuplicate(int place) {
        Elsewhere other = elsewhere.get(place);
        return again || (other != null && other.there());
    }

    /** When the first of the scheduled messages is due, by Redis's clock; empty if there are none. */
    OptionalLong firstDueMs() {
        return elsewhere.values().stream()
                .filter(Elsewhere::isScheduled)
                .mapToLong(other -> other.id().ms())
                .min();
    }
}
