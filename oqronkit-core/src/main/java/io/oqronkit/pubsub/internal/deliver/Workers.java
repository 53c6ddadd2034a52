package io.oqronkit.pubsub.internal.deliver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers' threads of one subscription: {@code concurrency} loops over one queue. New entries join the queue at
 * its end, redeliveries at its front, since their attempt is already counted.
 *
 * <p>How much may be held ahead follows from how fast the handlers are: what they can do in 50 ms, so fast handlers get
 * large batches and slow ones do not hoard what another process could handle.
 */
public final class Workers {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.delivery");
    private static final double AHEAD_NANOS = Duration.ofMillis(50).toNanos();
    private static final double FIRST_GUESS_NANOS = Duration.ofMillis(10).toNanos();
    private static final int MOST_AHEAD = 1_000;
    private static final double WEIGHT = 0.05;

    private final DeliveryWork work;
    private final int concurrency;
    private final BlockingDeque<Delivery> queue = new LinkedBlockingDeque<>();
    private final AtomicInteger running = new AtomicInteger();
    private final List<Worker> workers;
    private volatile double averageNanos = FIRST_GUESS_NANOS;
    private volatile boolean stopped;
    private volatile @Nullable Thread awaitsFree;

    public Workers(DeliveryWork work, int concurrency, ThreadFactory threads) {
        this.work = work;
        this.concurrency = concurrency;
        this.workers = IntStream.range(0, concurrency)
                .mapToObj(i -> new Worker(threads))
                .toList();
    }

    public void start() {
        workers.forEach(worker -> worker.thread.start());
    }

    public void submit(List<Delivery> fresh) {
        queue.addAll(fresh);
    }

    public void submitFirst(List<Delivery> redelivered) {
        for (int i = redelivered.size() - 1; i >= 0; i--) {
            queue.addFirst(redelivered.get(i));
        }
    }

    /** How many deliveries the subscription should hold at most, running ones included. */
    public int limit() {
        double ahead = concurrency * AHEAD_NANOS / Math.max(1, averageNanos);
        int atOnce = concurrency * work.most();
        return (int) Math.min(Math.max(MOST_AHEAD, concurrency), Math.max(atOnce, ahead));
    }

    /** True if a worker waits for work. */
    public boolean hungry() {
        return queue.isEmpty() && running.get() < concurrency;
    }

    /**
     * Redeliveries to take on now: what the idle workers can start. While new entries keep all of them busy, half of them may
     * get a redelivery as their next.
     */
    public int freeForRedelivery() {
        int idle = (concurrency - running.get()) * work.most() - queue.size();
        if (idle > 0) {
            return idle;
        }
        Delivery next = queue.peekFirst();
        return next == null || next.isRedelivery() ? 0 : Math.max(1, concurrency / 2);
    }

    /** Waits until a redelivery can be taken on or the time is over; for one waiting thread. */
    public void awaitFree(Duration atMost) {
        awaitsFree = Thread.currentThread();
        if (freeForRedelivery() == 0) {
            LockSupport.parkNanos(this, atMost.toNanos());
        }
        awaitsFree = null;
    }

    /** True if every worker is in a handler that has run longer than this, so that nothing new can start. */
    public boolean allRunLongerThan(Duration limit) {
        long now = System.nanoTime();
        return workers.stream().allMatch(worker -> {
            Delivery current = worker.current;
            return current != null && current.runsLongerThan(limit, now);
        });
    }

    /** Takes back whatever was not started and hands it to the group; completes when Redis has it. */
    public CompletableFuture<Void> handBack() {
        List<Delivery> unstarted = new ArrayList<>();
        queue.drainTo(unstarted);
        return handBack(unstarted);
    }

    /** Takes back what was not started of one partition. */
    public List<Delivery> withdraw(GroupPartition partition) {
        List<Delivery> unstarted = new ArrayList<>();
        queue.removeIf(delivery -> delivery.partition().equals(partition) && unstarted.add(delivery));
        return unstarted;
    }

    /** Hands to the group what never reached the queue. */
    public static CompletableFuture<Void> handBack(List<Delivery> unstarted) {
        Map<GroupPartition, List<Delivery>> byPartition = new LinkedHashMap<>();
        unstarted.forEach(delivery -> byPartition
                .computeIfAbsent(delivery.partition(), p -> new ArrayList<>())
                .add(delivery));
        return CompletableFuture.allOf(byPartition.entrySet().stream()
                .map(e -> e.getKey().order().handBack(e.getValue()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Starts nothing more and hands back what was not started; completes when Redis has it. */
    public CompletableFuture<Void> stop() {
        stopped = true;
        workers.forEach(Worker::wakeIfIdle);
        return handBack();
    }

    /** After {@link #stop()}: waits for running handlers; false if the time is over before they are done. */
    public boolean awaitStopped(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Worker worker : workers) {
            worker.thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
        handBack(); // what a worker took in the very moment of stopping and laid back
        return workers.stream().noneMatch(worker -> worker.thread.isAlive());
    }

    private final class Worker implements Runnable {

        private final Thread thread;
        private boolean busy; // guarded by this
        private volatile @Nullable Delivery current;

        Worker(ThreadFactory threads) {
            this.thread = threads.newThread(this);
        }

        @Override
        public void run() {
            while (!stopped) {
                try {
                    Delivery next = queue.takeFirst();
                    if (begins()) {
                        handle(next);
                    } else {
                        queue.addFirst(next);
                    }
                } catch (InterruptedException stopOrStray) {
                    // the loop's condition decides
                } catch (Throwable defect) {
                    log.error("worker failed outside of the handler; it goes on", defect);
                }
            }
        }

        private synchronized boolean begins() {
            busy = !stopped;
            return busy;
        }

        private synchronized void ends() {
            busy = false;
        }

        /** An interrupt for stopping must not reach a handler. */
        private synchronized void wakeIfIdle() {
            if (!busy) {
                thread.interrupt();
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // a lost sample of the average does not matter
        private void handle(Delivery delivery) {
            running.incrementAndGet();
            current = delivery;
            long started = System.nanoTime();
            int ended = 1;
            try {
                ended = work.accept(delivery, queue);
            } finally {
                averageNanos += WEIGHT * ((System.nanoTime() - started) / (double) ended - averageNanos);
                running.decrementAndGet();
                current = null;
                ends();
                delivery.partition().order().ended(delivery);
                Thread waiting = awaitsFree;
                if (waiting != null) {
                    LockSupport.unpark(waiting);
                }
            }
        }
    }
}
