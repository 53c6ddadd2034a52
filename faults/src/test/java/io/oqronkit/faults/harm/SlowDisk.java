package io.oqronkit.faults.harm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A server whose every {@code fsync} takes longer, as on a busy or a far disk. Needs gcc and Linux. */
public final class SlowDisk {

    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <stdlib.h>
            #include <sys/syscall.h>
            #include <time.h>
            #include <unistd.h>
            static void linger(void) {
              long ms = atol(getenv("FSYNC_MS"));
              struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
              nanosleep(&t, 0);
            }
            int fsync(int file) { linger(); return syscall(SYS_fsync, file); }
            int fdatasync(int file) { linger(); return syscall(SYS_fdatasync, file); }
            """;

    private SlowDisk() {}

    /** The server with such a disk; empty where there is no gcc. */
    public static Optional<Path> build(Path folder, Duration fsync) {
        return Preload.build(folder, "slow-disk", SOURCE, "FSYNC_MS=" + fsync.toMillis());
    }
}
