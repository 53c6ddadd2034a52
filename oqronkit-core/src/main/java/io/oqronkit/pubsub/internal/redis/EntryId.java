package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.MessageId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A stream entry's id, {@code <ms>-<offset>}: when it was stored, and its dense position in the partition. */
public record EntryId(long ms, long offset) implements Comparable<EntryId> {

    static EntryId parse(byte[] ascii) {
        ByteBuffer halves = ByteBuffer.wrap(ascii);
        return new EntryId(half(halves), half(halves));
    }

    /** The next half of an id, up to its end or to the dash, which is passed. */
    static long half(ByteBuffer ascii) {
        long half = 0;
        while (ascii.hasRemaining()) {
            byte b = ascii.get();
            if (b == '-') {
                break;
            }
            half = half * 10 + (b - '0');
        }
        return half;
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
