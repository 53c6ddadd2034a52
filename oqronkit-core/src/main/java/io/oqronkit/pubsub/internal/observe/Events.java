package io.oqronkit.pubsub.internal.observe;

import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubListener;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to the application's listeners on one daemon thread, which exists only while there are events, so that no
 * listener can delay or break what tells of them. Safe for concurrent use; {@link #onEvent} never blocks and never fails.
 */
public final class Events implements PubSubListener, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.events");
    private static final int MAX_WAITING = 1_000;
    private static final long IDLE_SECONDS = 5;

    private final Watch watch;
    private final List<PubSubListener> listeners;
    private final AtomicBoolean overflowing = new AtomicBoolean();
    private final ThreadPoolExecutor dispatch;

    /** @param watch counts every event, at once */
    public Events(List<PubSubListener> listeners, Watch watch) {
        this.watch = watch;
        this.listeners = List.copyOf(listeners);
        this.dispatch = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                Events::thread,
                (event, full) -> makeRoomFor(event));
        dispatch.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "oqronkit-events");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void onEvent(PubSubEvent event) {
        watch.count(event);
        if (!listeners.isEmpty()) {
            dispatch.execute(() -> tell(event));
        }
    }

    private void tell(PubSubEvent event) {
        for (PubSubListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable failure) { // the listener's defect, and no reason to stop
                log.error("listener {} failed at {}", listener, event, failure);
            }
        }
        if (dispatch.getQueue().isEmpty()) {
            overflowing.set(false);
        }
    }

    private void makeRoomFor(Runnable event) {
        if (dispatch.isShutdown()) {
            return;
        }
        if (overflowing.compareAndSet(false, true)) {
            log.warn(
                    "listeners are slower than events come: of more than {} that wait the oldest are dropped",
                    MAX_WAITING);
        }
        dispatch.getQueue().poll();
        dispatch.execute(event);
    }

    /** What waits is still told, for a second at most. */
    @Override
    public void close() {
        dispatch.shutdown();
        try {
            dispatch.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
