package io.oqronkit.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A contender connected to an empty Redis, with one topic. Safe for use by several threads. */
interface Session extends AutoCloseable {

    CompletableFuture<?> publishAsync(Event event);

    /** Returns when the event is stored. */
    void publish(Event event);

    /** Returns when all are stored. */
    default void publishBatch(List<Event> events) {
        List<CompletableFuture<?>> stored = new ArrayList<>(events.size());
        events.forEach(event -> stored.add(publishAsync(event)));
        stored.forEach(CompletableFuture::join);
    }

    /** Messages in Redis. */
    long stored();

    /**
     * Hands each message of the topic to the handler, from the first one on, at least once.
     *
     * @param concurrency handlers that may run at the same time
     */
    Running consume(String group, int concurrency, Consumer<Event> handler);

    @Override
    void close();

    /** A group that consumes. */
    interface Running {
        void stop();
    }
}
