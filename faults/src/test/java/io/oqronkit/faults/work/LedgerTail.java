package io.oqronkit.faults.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/** Counts the lines of a ledger by kind while it grows, and reads no byte twice. Safe for concurrent use. */
public final class LedgerTail {

    private final Path ledger;
    private final Map<String, Long> counts = new HashMap<>();
    private final StringBuilder unfinished = new StringBuilder();
    private long position;

    public LedgerTail(Path ledger) {
        this.ledger = ledger;
    }

    /** Lines of this kind so far. */
    public synchronized long count(String kind) {
        if (Files.exists(ledger)) {
            readOn();
        }
        return counts.getOrDefault(kind, 0L);
    }

    private void readOn() {
        try (FileChannel file = FileChannel.open(ledger, StandardOpenOption.READ)) {
            ByteBuffer fresh = ByteBuffer.allocate((int) (file.size() - position));
            int length = file.read(fresh, position);
            if (length <= 0) {
                return;
            }
            position += length;
            unfinished.append(new String(fresh.array(), 0, length, StandardCharsets.UTF_8));
            int end = unfinished.lastIndexOf("\n") + 1;
            unfinished.substring(0, end).lines().forEach(line -> counts.merge(line.split("\t", 3)[1], 1L, Long::sum));
            unfinished.delete(0, end);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
