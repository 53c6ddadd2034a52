package io.oqronkit.benchmarks;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The reply of XREADGROUP for one stream whose entries have one field: id and value as bytes, nothing else. */
final class LeanReply extends CommandOutput<byte[], byte[], List<LeanReply.Entry>> {

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    record Entry(byte[] id, byte[] value) {}

    private int texts;
    private byte[] id = new byte[0];

    LeanReply() {
        super(ByteArrayCodec.INSTANCE, new ArrayList<>(100));
    }

    /** The name of the stream, then for each entry its id, the field's name, the value. */
    @Override
    public void set(@Nullable ByteBuffer text) {
        if (text == null) {
            return; // nothing came before the block ended
        }
        int kind = texts++ == 0 ? 0 : 1 + (texts - 2) % 3;
        if (kind == 1) {
            id = copy(text);
        } else if (kind == 3) {
            output.add(new Entry(id, copy(text)));
        }
    }

    @Override
    public void multi(int count) {
        // only the texts matter
    }

    private static byte[] copy(ByteBuffer text) {
        byte[] copy = new byte[text.remaining()];
        text.get(copy);
        return copy;
    }
}
