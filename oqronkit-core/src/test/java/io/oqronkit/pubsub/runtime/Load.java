package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Topic;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads that publish one message after the other, as fast as they are stored, until they are stopped or far too many have
 * failed, as when a test has failed and its topic is closed.
 */
final class Load {

    private static final int TOO_MANY_FAILURES = 10_000;

    private final Topic<OrderEvent> topic;
    private final AtomicInteger number = new AtomicInteger();
    private volatile Set<MessageId> published = ConcurrentHashMap.newKeySet();
    private final Queue<RuntimeException> failures = new ConcurrentLinkedQueue<>();
    private final Thread[] threads = {new Thread(this::publish, "load-1"), new Thread(this::publish, "load-2")};
    private final Object gaps = new Object();
    private long lastNanos; // guarded by gaps
    private long longestGap; // guarded by gaps
    private volatile boolean stopped;

    private Load(Topic<OrderEvent> topic) {
        this.topic = topic;
    }

    static Load on(Topic<OrderEvent> topic) {
        Load load = new Load(topic);
        for (Thread thread : load.threads) {
            thread.setDaemon(true);
            thread.start();
        }
        return load;
    }

    private void publish() {
        int failed = 0;
        while (!stopped && failed < TOO_MANY_FAILURES) {
            Set<MessageId> begunIn = published;
            try {
                begunIn.add(topic.publish(OrderEvent.number(number.incrementAndGet()))
                        .id());
                noteGap();
            } catch (RuntimeException e) {
                failures.add(e);
                failed++;
            }
        }
    }

    /** Ids of all messages whose publish returned, or since {@link #countAnew()}. */
    Set<MessageId> published() {
        return published;
    }

    /** From here on only messages whose publish has not begun yet: one under way may be stored before or after. */
    Set<MessageId> countAnew() {
        published = ConcurrentHashMap.newKeySet();
        return published;
    }

    private void noteGap() {
        synchronized (gaps) {
            long now = System.nanoTime();
            longestGap = lastNanos == 0 ? 0 : Math.max(longestGap, now - lastNanos);
            lastNanos = now;
        }
    }

    /** The longest time in which no publish returned, between two that did. */
    Duration longestGap() {
        synchronized (gaps) {
            return Duration.ofNanos(longestGap);
        }
    }

    Queue<RuntimeException> failures() {
        return failures;
    }

    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
