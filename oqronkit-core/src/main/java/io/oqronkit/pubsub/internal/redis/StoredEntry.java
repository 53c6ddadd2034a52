package io.oqronkit.pubsub.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it lies in Redis, undecoded, handed out to this process. There is one for each message on its way, so its id is
 * kept as two numbers.
 *
 * @param ms of the original message's id
 * @param offset of the original message's id
 * @param payload as published
 * @param key partition key, empty if none
 * @param headers encoded, empty if none
 * @param attempt number of this delivery, from 1
 * @param redrivenAs its ref if it was redriven; null if it lies in the log, where its ref is its id
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copies on the message path would cost and protect nothing
public record StoredEntry(
        long ms, long offset, byte[] payload, byte[] key, byte[] headers, int attempt, byte @Nullable [] redrivenAs) {

    private static final byte REDRIVEN = 'r';

    /** From the form in which scripts answer: {ref, attempts, payload, key, headers, original id or ''}. */
    static List<StoredEntry> listOf(List<?> reply) {
        List<StoredEntry> entries = new ArrayList<>(reply.size());
        for (Object one : reply) {
            List<?> e = (List<?>) one;
            byte[] ref = (byte[]) e.get(0);
            byte[] original = (byte[]) e.get(5);
            EntryId id = EntryId.parse(original.length == 0 ? ref : original);
            entries.add(new StoredEntry(
                    id.ms(),
                    id.offset(),
                    (byte[]) e.get(2),
                    (byte[]) e.get(3),
                    (byte[]) e.get(4),
                    (int) Bytes.number(e.get(1)),
                    ref[0] == REDRIVEN ? ref : null));
        }
        return entries;
    }

    /** The ref of the entry with this id among a group's redriven ones. */
    static byte[] redrivenRef(byte[] id) {
        byte[] ref = new byte[id.length + 1];
        ref[0] = REDRIVEN;
        System.arraycopy(id, 0, ref, 1, id.length);
        return ref;
    }

    /** The same, those that were redriven before the others. */
    static List<StoredEntry> redrivenFirst(List<StoredEntry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing(entry -> !entry.redriven()))
                .toList();
    }

    /** The same entry, one attempt later. */
    public StoredEntry again() {
        return new StoredEntry(ms, offset, payload, key, headers, attempt + 1, redrivenAs);
    }

    /** Of the original message. */
    public EntryId id() {
        return new EntryId(ms, offset);
    }

    /** Names the entry towards the scripts: its id, or, with an {@code r} before it, its id among the redriven ones. */
    public byte[] ref() {
        return redrivenAs != null
                ? redrivenAs
                : (Long.toUnsignedString(ms) + '-' + Long.toUnsignedString(offset)).getBytes(StandardCharsets.US_ASCII);
    }

    public boolean redriven() {
        return redrivenAs != null;
    }
}
