package io.oqronkit.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** How fast messages are stored while nobody consumes. */
final class PublishSteps {

    private static final int BATCH = 100;

    private PublishSteps() {}

    /** What one publishing thread does. */
    private interface Publish {
        void run(Session session, int thread) throws InterruptedException;
    }

    static Case async(Contender contender) {
        return new Case("publish-async", contender.name(), lab -> {
            int messages = lab.messages(contender);
            return measure(contender, lab, messages, 1, (session, thread) -> Publishing.flatOut(session, messages));
        });
    }

    /** Each thread waits until its message is stored before it goes on with the next. */
    static Case sync(Contender contender, int threads) {
        return new Case("publish-sync-" + threads, contender.name(), lab -> {
            int most = lab.options().messages() / (threads == 1 ? 15 : 3);
            int messages = Math.min(lab.messages(contender), most);
            return measure(contender, lab, messages, threads, (session, thread) -> {
                for (int place = thread; place < messages; place += threads) {
                    session.publish(Event.at(place));
                }
            });
        });
    }

    static Case batch(Contender contender) {
        return new Case("publish-batch", contender.name(), lab -> {
            int messages = lab.messages(contender) / BATCH * BATCH;
            return measure(contender, lab, messages, 1, (session, thread) -> {
                for (int from = 0; from < messages; from += BATCH) {
                    session.publishBatch(IntStream.range(from, from + BATCH)
                            .mapToObj(Event::at)
                            .toList());
                }
            });
        });
    }

    private static Map<Figure, Double> measure(Contender contender, Lab lab, int messages, int threads, Publish publish)
            throws InterruptedException {
        ExecutorService publishers = Executors.newFixedThreadPool(threads);
        try (Session session = contender.open(lab.server())) {
            Meter meter = lab.meter(contender);
            List<Callable<Void>> tasks = IntStream.range(0, threads)
                    .<Callable<Void>>mapToObj(thread -> () -> {
                        publish.run(session, thread);
                        return null;
                    })
                    .toList();
            List<Future<Void>> done = publishers.invokeAll(tasks);
            Map<Figure, Double> figures = meter.stop().perStored(messages);
            for (Future<Void> task : done) {
                task.get();
            }
            if (session.stored() != messages) {
                throw new IllegalStateException(
                        "stored %,d messages instead of %,d".formatted(session.stored(), messages));
            }
            return figures;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a publisher has failed", e.getCause());
        } finally {
            publishers.shutdownNow();
        }
    }
}
