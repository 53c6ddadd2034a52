package io.oqronkit.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The handler: counts, notes when the first and the last message were handled, and knows what should have come. */
final class Tally implements Consumer<Event> {

    private static final int LONGEST_SECONDS = 180;

    private final long expected;
    private final long expectedSum;
    private final AtomicLong left;
    private final LongAdder sum = new LongAdder();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long firstNanos;
    private volatile long lastNanos;

    private Tally(long expected, long expectedSum) {
        this.expected = expected;
        this.expectedSum = expectedSum;
        this.left = new AtomicLong(expected);
    }

    /** Of the events in the places from 0 on, each handled by every group. */
    static Tally of(int messages, int groups) {
        return new Tally((long) messages * groups, (messages - 1L) * messages / 2 * groups);
    }

    /** Of events that nobody looks into; see {@link #count}. */
    static Tally unseen(int messages) {
        return new Tally(messages, 0);
    }

    @Override
    public void accept(Event event) {
        sum.add(event.place());
        count();
    }

    /** One that is not looked into. */
    void count() {
        long now = left.decrementAndGet();
        if (now == expected - 1) {
            firstNanos = System.nanoTime();
        }
        if (now == 0) {
            lastNanos = System.nanoTime();
            done.countDown();
        }
    }

    /** Returns when as many were handled as should be. */
    void await() throws InterruptedException {
        if (!done.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("%,d of %,d messages were not handled within %d s"
                    .formatted(left.get(), expected, LONGEST_SECONDS));
        }
    }

    /** Messages a second, from the first handled to the last. */
    double rate() {
        return (expected - 1) * 1e9 / (lastNanos - firstNanos);
    }

    long expected() {
        return expected;
    }

    /** When all is closed: none came twice, and none in another's place. */
    void check() {
        if (left.get() != 0 || sum.sum() != expectedSum) {
            throw new IllegalStateException(
                    "handled %,d messages instead of %,d, or one in another's place: %,d too many"
                            .formatted(expected - left.get(), expected, -left.get()));
        }
    }
}
