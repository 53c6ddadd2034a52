package io.oqronkit.benchmarks;

import io.oqronkit.benchmarks.OqronKit.OqronSession;
import io.oqronkit.pubsub.SubscriptionSpec;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What subscriptions cost that have nothing to do, each of a topic of its own. */
final class IdleStep {

    private static final OqronKit OURS = OqronKit.DEFAULTS;

    private IdleStep() {}

    static Case of(int subscriptions) {
        return new Case(
                "idle",
                "OqronKit, " + subscriptions + (subscriptions == 1 ? " subscription" : " subscriptions"),
                lab -> {
                    try (OqronSession session = OURS.open(lab.server())) {
                        for (int i = 0; i < subscriptions; i++) {
                            session.pubSub()
                                    .topic("idle-" + i, Event.class)
                                    .subscribe(SubscriptionSpec.<Event>group("group")
                                            .handler(context -> {}));
                        }
                        pass(Math.min(3, lab.options().seconds())); // until what a start causes is over
                        Meter meter = lab.meter(OURS);
                        pass(lab.options().seconds());
                        return figures(meter.stop(), subscriptions);
                    }
                });
    }

    private static void pass(double seconds) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep((long) (seconds * 1_000));
    }

    private static Map<Figure, Double> figures(Usage usage, int subscriptions) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.COMMANDS_PER_SECOND, usage.sent() / usage.seconds());
        figures.put(Figure.EACH_PER_SECOND, usage.sent() / usage.seconds() / subscriptions);
        figures.put(Figure.EXECUTED_PER_SECOND, usage.executed() / usage.seconds());
        figures.put(Figure.CORE, 100 * usage.clientCpu() / usage.seconds());
        figures.put(Figure.BUSIEST, 100 * usage.busiestThread() / usage.seconds());
        figures.put(Figure.THREADS, (double) ManagementFactory.getThreadMXBean().getThreadCount());
        return figures;
    }
}
