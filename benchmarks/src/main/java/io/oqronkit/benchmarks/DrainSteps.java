package io.oqronkit.benchmarks;

import io.oqronkit.benchmarks.Session.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How fast messages are handled. */
final class DrainSteps {

    private DrainSteps() {}

    /** A backlog, one group. */
    static Case drain(Contender contender, String label, int concurrency) {
        return new Case("drain", label, lab -> backlog(contender, lab, lab.messages(contender), 1, concurrency));
    }

    /** A backlog that three groups handle at the same time; what counts is deliveries. */
    static Case fanOut(Contender contender) {
        return new Case("fan-out", contender.name(), lab -> backlog(contender, lab, lab.messages(contender) / 3, 3, 1));
    }

    /** Publishing as fast as it goes while one group handles it; ends when all is handled. */
    static Case sustained(Contender contender) {
        return new Case("sustained", contender.name(), lab -> {
            int messages = lab.messages(contender);
            Tally tally = Tally.of(messages, 1);
            try (Session session = contender.open(lab.server())) {
                Running group = session.consume("group", 1, tally);
                Meter meter = lab.meter(contender);
                Publishing.flatOut(session, messages);
                tally.await();
                Map<Figure, Double> figures = meter.stop().perStored(messages);
                group.stop();
                tally.check();
                return figures;
            }
        });
    }

    /** The rate is that from the first message handled to the last; the rest includes how the groups begin. */
    private static Map<Figure, Double> backlog(Contender contender, Lab lab, int messages, int groups, int concurrency)
            throws InterruptedException {
        try (Session session = contender.open(lab.server())) {
            Publishing.flatOut(session, messages);
            return drain(contender, lab, session, Tally.of(messages, groups), groups, concurrency);
        }
    }

    static Map<Figure, Double> drain(
            Contender contender, Lab lab, Session session, Tally tally, int groups, int concurrency)
            throws InterruptedException {
        Meter meter = lab.meter(contender);
        List<Running> running = new ArrayList<>();
        for (int group = 0; group < groups; group++) {
            running.add(session.consume("group-" + group, concurrency, tally));
        }
        tally.await();
        Map<Figure, Double> figures = meter.stop().per(tally.expected());
        running.forEach(Running::stop);
        tally.check();
        figures.put(Figure.RATE, tally.rate());
        return figures;
    }
}
