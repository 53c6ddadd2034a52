package io.oqronkit.faults.work;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process did, one line each: {@code <µs since 1970> <kind> <fields>}, separated by tabs. A line is handed to the
 * kernel before the process goes on, so it survives a SIGKILL. Safe for concurrent use, interrupted threads included: those
 * would close a channel under the others.
 */
public final class Ledger implements AutoCloseable {

    private final OutputStream file;

    private Ledger(OutputStream file) {
        this.file = file;
    }

    public static Ledger open(Path path) {
        try {
            return new Ledger(new FileOutputStream(path.toFile(), true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void write(String kind, Object... fields) {
        String line = Stream.concat(Stream.of(now(), kind), Arrays.stream(fields))
                .map(String::valueOf)
                .collect(Collectors.joining("\t", "", "\n"));
        try {
            synchronized (this) {
                file.write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** µs since 1970: all processes of a run share one clock. */
    public static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line. */
    public record Line(long at, String kind, List<String> fields) {

        public String field(int index) {
            return fields.get(index);
        }

        private static Line parse(String line) {
            List<String> parts = List.of(line.split("\t", -1));
            return new Line(Long.parseLong(parts.get(0)), parts.get(1), parts.subList(2, parts.size()));
        }
    }

    /** The whole lines written so far; none if there is no ledger yet. */
    public static List<Line> read(Path path) {
        try {
            if (!Files.exists(path)) {
                return List.of();
            }
            String text = Files.readString(path);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(Line::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
