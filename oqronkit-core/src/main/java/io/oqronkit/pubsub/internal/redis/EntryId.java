package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.MessageId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A stream entry's id, {@code <ms>-<offset>}: when it was stored, and its dense position in the partition. */
public record EntryId(long ms, long offset) implements Comparable<EntryId> {

    static EntryId parse(byte[] ascii) {
        long[] halves = new long[2];
        int half = 0;
        for (byte b : ascii) {
            if (b == '-') {
                half++;
            } else {
                halves[half] = halves[half] * 10 + (b - '0');
            }
        }
        return new EntryId(halves[0], halves[1]);
    }

    static EntryId of(MessageId id) {
        return new EntryId(id.publishedAt().toEpochMilli(), id.offset());
    }

    public MessageId in(int partition) {
        return new MessageId(partition, Instant.ofEpochMilli(ms), offset);
    }

    byte[] bytes() {
        return toString().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int compareTo(EntryId other) {
        int byTime = Long.compare(ms, other.ms);
        return byTime != 0 ? byTime : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return ms + "-" + offset;
    }
}
