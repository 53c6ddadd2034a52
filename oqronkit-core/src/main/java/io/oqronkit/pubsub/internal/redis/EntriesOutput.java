package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the reply of XREADGROUP straight into entries, without a map or a text per entry. It follows what comes next
 * rather than the depth, so the forms of RESP2 and RESP3 read alike. One use, on the event loop.
 */
final class EntriesOutput extends CommandOutput<byte[], byte[], List<StoredEntry>> {

    private enum Next {
        STREAM,
        ENTRIES,
        ENTRY,
        ID,
        FIELDS,
        FIELD
    }

    private static final byte[] NOTHING = new byte[0];

    private final byte[] redrivenStream;
    private Next next = Next.STREAM;
    private boolean redriven;
    private int entriesLeft;
    private int fields;
    private int field;
    private byte[] ref = NOTHING; // of redriven ones
    private long ms;
    private long offset;
    private final byte[][] values = new byte[4][];

    EntriesOutput(byte[] redrivenStream) {
        super(ByteArrayCodec.INSTANCE, List.of());
        this.redrivenStream = redrivenStream;
    }

    @Override
    public void multi(int count) {
        switch (next) {
            case ENTRIES -> {
                entriesLeft = count;
                makeRoom(count);
                next = count > 0 ? Next.ENTRY : Next.STREAM;
            }
            case ENTRY -> next = Next.ID;
            case FIELDS -> beginFields(count);
            default -> {
                // the frame around the streams
            }
        }
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        switch (next) {
            case STREAM -> {
                if (bytes != null) {
                    redriven = Arrays.equals(copy(bytes), redrivenStream);
                    next = Next.ENTRIES;
                }
            }
            case ID -> {
                id(bytes);
                next = Next.FIELDS;
            }
            case FIELDS -> beginFields(0); // an entry whose body is gone
            case FIELD -> field(bytes);
            default -> throw new IllegalStateException("unexpected value while waiting for " + next);
        }
    }

    /** The first stream that has entries has most of them, as a rule. */
    private void makeRoom(int count) {
        if (output.isEmpty()) {
            output = new ArrayList<>(Math.max(0, count));
        }
    }

    private void beginFields(int count) {
        Arrays.fill(values, NOTHING);
        fields = Math.max(0, count);
        field = 0;
        next = Next.FIELD;
        if (fields == 0) {
            emit();
        }
    }

    /** Names stand at even places and are known by their order: p, k, h, and i for redriven ones. */
    private void field(@Nullable ByteBuffer bytes) {
        if ((field & 1) == 1 && field / 2 < values.length) {
            values[field / 2] = copy(bytes);
        }
        if (++field == fields) {
            emit();
        }
    }

    private void emit() {
        if (redriven) {
            original(ByteBuffer.wrap(values[3]));
        }
        output.add(new StoredEntry(ms, offset, values[0], values[1], values[2], 1, redriven ? ref : null));
        next = --entriesLeft > 0 ? Next.ENTRY : Next.STREAM;
    }

    private void id(@Nullable ByteBuffer bytes) {
        if (redriven) {
            ref = StoredEntry.redrivenRef(copy(bytes));
        } else if (bytes != null) {
            original(bytes);
        }
    }

    private void original(ByteBuffer id) {
        ms = EntryId.half(id);
        offset = EntryId.half(id);
    }

    private static byte[] copy(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return NOTHING;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }
}
