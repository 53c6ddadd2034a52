package io.oqronkit.faults.harm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * Moves the wall clock of one server process and leaves its monotonic clock alone, as a corrected clock does: a small
 * library, loaded before libc, that adds an offset read from a shared file. Needs gcc and Linux.
 */
public final class ClockShim {

    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdint.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>
            static volatile int64_t *offset; /* seconds; written by the test */
            __attribute__((constructor)) static void load(void) {
              int file = open(getenv("CLOCK_OFFSET"), O_RDONLY);
              offset = mmap(0, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
              close(file);
            }
            int clock_gettime(clockid_t clock, struct timespec *t) {
              int failed = syscall(SYS_clock_gettime, clock, t);
              if (offset && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) t->tv_sec += *offset;
              return failed;
            }
            int gettimeofday(struct timeval *restrict t, void *restrict zone) {
              struct timespec now;
              int failed = clock_gettime(CLOCK_REALTIME, &now);
              t->tv_sec = now.tv_sec; t->tv_usec = now.tv_nsec / 1000;
              return failed;
            }
            time_t time(time_t *t) {
              struct timespec now;
              clock_gettime(CLOCK_REALTIME, &now);
              if (t) *t = now.tv_sec;
              return now.tv_sec;
            }
            """;

    private final Path offset;
    private final Path program;

    private ClockShim(Path offset, Path program) {
        this.offset = offset;
        this.program = program;
    }

    /** Builds the library in this folder; empty where there is no gcc. */
    public static Optional<ClockShim> build(Path folder) {
        try {
            Path offset = Files.write(folder.resolve("clock.offset"), new byte[Long.BYTES]);
            return Preload.build(folder, "clock", SOURCE, "CLOCK_OFFSET=" + offset)
                    .map(program -> new ClockShim(offset, program));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server with this clock. */
    public Path program() {
        return program;
    }

    /** Moves the clock to the true time plus this; at once. */
    public void moveTo(Duration fromNow) {
        ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        seconds.putLong(fromNow.toSeconds()).flip();
        try (FileChannel file =
                FileChannel.open(offset, StandardOpenOption.WRITE)) { // in place: the server has it mapped
            file.write(seconds, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
