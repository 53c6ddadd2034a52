package io.oqronkit.pubsub.internal.observe;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Redis for what gauges show, on one daemon thread, so that no scrape ever waits for it. */
final class Refresh implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.meters");

    private final Duration every;
    private final List<Standing> topics = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "oqronkit-meters");
    private volatile boolean closed;
    private boolean failing; // of the thread

    Refresh(Duration every) {
        this.every = every;
        thread.setDaemon(true);
        thread.start();
    }

    void add(Standing topic) {
        topics.add(topic);
        soon();
    }

    /** Now rather than at the next turn. */
    void soon() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            refresh();
            LockSupport.parkNanos(this, every.toNanos());
        }
        topics.forEach(Standing::close);
    }

    private void refresh() {
        boolean failed = false;
        for (Standing topic : topics) {
            try {
                topic.refresh();
            } catch (RuntimeException away) {
                failed = true;
                if (!failing && !closed) {
                    failing = true;
                    log.warn("gauges show nothing until Redis answers again: {}", away.getMessage());
                }
            }
        }
        if (failing && !failed) {
            failing = false;
            log.info("gauges show figures again");
        }
    }

    @Override
    public void close() {
        closed = true;
        soon();
    }
}
