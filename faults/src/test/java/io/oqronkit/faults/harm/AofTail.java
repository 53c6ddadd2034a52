package io.oqronkit.faults.harm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A power failure: the end of the append-only file was never written. A kill alone never shows this, since the page
 * cache survives the process (R finding 10).
 */
public final class AofTail {

    private AofTail() {}

    /** Size of the file that grows, in the data folder of a server: one file until Redis 6.2, a folder of files since. */
    public static long size(Path dataFolder) {
        try {
            return Files.size(file(dataFolder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps this many bytes. The server must not run. */
    public static void cutTo(Path dataFolder, long bytes) {
        try (FileChannel file = FileChannel.open(file(dataFolder), StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path file(Path dataFolder) throws IOException {
        try (Stream<Path> files = Files.walk(dataFolder)) {
            return files.filter(file -> file.toString().endsWith(".aof"))
                    .filter(file -> !file.toString().endsWith(".base.aof"))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow(() -> new IllegalStateException("no append-only file in " + dataFolder));
        }
    }
}
