package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Arguments of a command that end with the refs of entries. Those are written into the connection's buffer as they go out; a
 * text and an argument for each of them would be most of what settling allocates. The entries must not change.
 */
final class RefArgs extends CommandArgs<byte[], byte[]> {

    /** A length, a mark, two unsigned numbers, a dash and two line ends. */
    private static final int LONGEST = 64;

    private final List<StoredEntry> entries;

    RefArgs(List<StoredEntry> entries) {
        super(ByteArrayCodec.INSTANCE);
        this.entries = entries;
    }

    @Override
    public int count() {
        return super.count() + entries.size();
    }

    @Override
    public void encode(ByteBuf buffer) {
        super.encode(buffer);
        byte[] text = new byte[LONGEST];
        for (StoredEntry entry : entries) {
            int from = bulk(entry, text);
            buffer.writeBytes(text, from, LONGEST - from);
        }
    }

    /** {@code $<length> ref}, each with a line end, at the end of {@code text}; answers where it begins. */
    private static int bulk(StoredEntry entry, byte[] text) {
        int end = lineEnd(text, LONGEST);
        int from = ref(entry, text, end);
        int at = number(end - from, text, lineEnd(text, from));
        text[--at] = '$';
        return at;
    }

    private static int ref(StoredEntry entry, byte[] text, int end) {
        if (entry.redrivenAs() != null) {
            byte[] ref = entry.redrivenAs();
            System.arraycopy(ref, 0, text, end - ref.length, ref.length);
            return end - ref.length;
        }
        int at = number(entry.offset(), text, end);
        text[--at] = '-';
        return number(entry.ms(), text, at);
    }

    /** Unsigned, as Redis counts; before {@code end}. Answers where it begins. */
    private static int number(long number, byte[] text, int end) {
        int at = end;
        long rest = number;
        do {
            long tenth = rest < 0 ? Long.divideUnsigned(rest, 10) : rest / 10;
            text[--at] = (byte) ('0' + (rest - tenth * 10));
            rest = tenth;
        } while (rest != 0);
        return at;
    }

    private static int lineEnd(byte[] text, int end) {
        text[end - 1] = '\n';
        text[end - 2] = '\r';
        return end - 2;
    }
}
