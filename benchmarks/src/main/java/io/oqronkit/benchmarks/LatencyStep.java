package io.oqronkit.benchmarks;

import io.oqronkit.benchmarks.Session.Running;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * How long from the time a message should have been sent until it is handled, at 2,000 a second whatever happens (open
 * loop): who falls behind pays for every message that waits. The first half is not counted: the JVM compiles meanwhile.
 */
final class LatencyStep {

    private static final int PER_SECOND = 2_000;
    private static final long NANOS_BETWEEN = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private LatencyStep() {}

    static Case of(Contender contender) {
        return new Case("latency", contender.name(), lab -> {
            int messages = (int) (2 * lab.options().seconds() * PER_SECOND);
            Arrivals arrivals = new Arrivals(messages);
            Tally tally = Tally.of(messages, 1);
            try (Session session = contender.open(lab.server())) {
                Running group = session.consume("group", 1, event -> {
                    arrivals.accept(event);
                    tally.accept(event);
                });
                Meter meter = lab.meter(contender);
                arrivals.send(session);
                tally.await();
                Map<Figure, Double> figures = meter.stop().per(messages);
                group.stop();
                tally.check();
                figures.remove(Figure.RATE);
                figures.putAll(arrivals.percentiles());
                return figures;
            }
        });
    }

    private static final class Arrivals implements Consumer<Event> {

        private final long[] late;
        private volatile long start;

        Arrivals(int messages) {
            this.late = new long[messages];
        }

        void send(Session session) throws InterruptedException {
            Publishing publishing = new Publishing(session::publishAsync);
            start = System.nanoTime() + NANOS_BETWEEN;
            for (int place = 0; place < late.length; place++) {
                long ahead = due(place) - System.nanoTime();
                while (ahead > 0) {
                    LockSupport.parkNanos(ahead);
                    ahead = due(place) - System.nanoTime();
                }
                publishing.next(Event.at(place));
            }
            publishing.await();
        }

        private long due(int place) {
            return start + place * NANOS_BETWEEN;
        }

        @Override
        public void accept(Event event) {
            late[event.place()] = System.nanoTime() - due(event.place());
        }

        Map<Figure, Double> percentiles() {
            long[] sorted = Arrays.copyOfRange(late, late.length / 2, late.length);
            Arrays.sort(sorted);
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.P50, micros(sorted, 0.5));
            figures.put(Figure.P99, micros(sorted, 0.99));
            figures.put(Figure.P999, micros(sorted, 0.999));
            return figures;
        }

        private static double micros(long[] sorted, double share) {
            return sorted[(int) (sorted.length * share)] / 1e3;
        }
    }
}
