package io.oqronkit.pubsub.internal.redis;

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

    public boolean redriven() {
        return ref[0] == 'r';
    }
}
