package io.oqronkit.faults.work;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes in a ledger when this process was given no processor: {@code starved <µs>}, for how long. It measures how late its
 * own short sleeps end, and so knows nothing of the library.
 */
final class StarvationWatch {

    private static final Duration SLEEP = Duration.ofMillis(50);
    /** A quarter of the shortest ack deadline in the suite: twice that in a row and a deadline may pass unkept. */
    private static final long LATE_MICROS = 500_000;

    private StarvationWatch() {}

    /** From now on, on a thread of its own, for as long as the process lives. */
    static void start(Ledger ledger) {
        Thread thread = new Thread(() -> watch(ledger), "starvation-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void watch(Ledger ledger) {
        long last = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(SLEEP.toNanos());
            long now = System.nanoTime();
            long micros = (now - last) / 1_000;
            last = now;
            if (micros > LATE_MICROS) {
                ledger.write("starved", micros);
            }
        }
    }
}
