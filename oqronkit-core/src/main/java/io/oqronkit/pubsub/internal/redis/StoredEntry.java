package io.oqronkit.pubsub.internal.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * An entry as it lies in Redis, undecoded, handed out to this process.
 *
 * @param ref names the entry towards the scripts: its id, with an {@code r} before it if it was redriven
 * @param id id of the original message
 * @param payload as published
 * @param key partition key, empty if none
 * @param headers encoded, empty if none
 * @param attempt number of this delivery, from 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copies on the message path would cost and protect nothing
public record StoredEntry(byte[] ref, EntryId id, byte[] payload, byte[] key, byte[] headers, int attempt) {

    /** From the form in which scripts answer: {ref, attempts, payload, key, headers, original id or ''}. */
    static List<StoredEntry> listOf(List<?> reply) {
        List<StoredEntry> entries = new ArrayList<>(reply.size());
        for (Object one : reply) {
            List<?> e = (List<?>) one;
            byte[] ref = (byte[]) e.get(0);
            byte[] original = (byte[]) e.get(5);
            entries.add(new StoredEntry(
                    ref,
                    EntryId.parse(original.length == 0 ? ref : original),
                    (byte[]) e.get(2),
                    (byte[]) e.get(3),
                    (byte[]) e.get(4),
                    (int) Bytes.number(e.get(1))));
        }
        return entries;
    }

    /** The same entry, one attempt later. */
    public StoredEntry again() {
        return new StoredEntry(ref, id, payload, key, headers, attempt + 1);
    }

    public boolean redriven() {
        return isRedriven(ref);
    }

    static boolean isRedriven(byte[] ref) {
        return ref[0] == 'r';
    }
}
