package io.oqronkit.pubsub.internal.redis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the messages of a batch lie. Those it stored have the ids {@code <ms>-<first>}, {@code <ms>-<first + 1>} and so
 * on, in their order; the others were there already, under an idempotency key.
 *
 * @param again this very batch had been stored before
 * @param alreadyThere ids of messages by their place in the batch, from 0
 */
public record StoredBatch(long ms, long first, boolean again, Map<Integer, EntryId> alreadyThere) {

    static StoredBatch of(List<Object> reply) {
        Map<Integer, EntryId> there = Map.of();
        if (reply.size() > 3) {
            there = new TreeMap<>();
            for (int i = 3; i < reply.size(); i += 3) {
                there.put(
                        (int) Bytes.number(reply.get(i)) - 1,
                        new EntryId(Bytes.number(reply.get(i + 1)), Bytes.number(reply.get(i + 2))));
            }
        }
        return new StoredBatch(
                Bytes.number(reply.get(0)), Bytes.number(reply.get(1)), Bytes.number(reply.get(2)) == 1, there);
    }

    public EntryId id(int place) {
        EntryId known = alreadyThere.get(place);
        if (known != null) {
            return known;
        }
        long before = alreadyThere.keySet().stream().filter(p -> p < place).count();
        return new EntryId(ms, first + place - before);
    }

    /** True if publishing this message stored nothing. */
    public boolean isDuplicate(int place) {
        return again || alreadyThere.containsKey(place);
    }
}
