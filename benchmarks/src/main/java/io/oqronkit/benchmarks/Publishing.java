package io.oqronkit.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Publishes as fast as it goes with at most 5,000 messages under way. */
final class Publishing {

    private static final int UNDER_WAY = 5_000;
    private static final int LONGEST_SECONDS = 180;

    private final Function<Event, CompletableFuture<?>> publish;
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Publishing(Function<Event, CompletableFuture<?>> publish) {
        this.publish = publish;
    }

    /** Returns when the events in the places from 0 on are stored. */
    static void flatOut(Session session, int messages) throws InterruptedException {
        flatOut(session::publishAsync, messages);
    }

    static void flatOut(Function<Event, CompletableFuture<?>> publish, int messages) throws InterruptedException {
        Publishing publishing = new Publishing(publish);
        for (int place = 0; place < messages; place++) {
            publishing.next(Event.at(place));
        }
        publishing.await();
    }

    void next(Event event) throws InterruptedException {
        room.acquire();
        publish.apply(event).whenComplete((stored, error) -> {
            if (error != null) {
                failure.compareAndSet(null, error);
            }
            room.release();
        });
    }

    void await() throws InterruptedException {
        if (!room.tryAcquire(UNDER_WAY, LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not all messages were stored within " + LONGEST_SECONDS + " s");
        }
        Throwable error = failure.get();
        if (error != null) {
            throw new IllegalStateException("a message was not stored", error);
        }
    }
}
