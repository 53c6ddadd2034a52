package io.oqronkit.benchmarks;

import io.oqronkit.benchmarks.OqronKit.OqronSession;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import java.util.Map;

/** A backlog of messages with a header: handled, or all rejected by it and so never decoded. */
final class FilterStep {

    private static final OqronKit OURS = OqronKit.DEFAULTS;

    private FilterStep() {}

    static Case delivering() {
        return new Case("filter", "OqronKit, handled", lab -> {
            Tally tally = Tally.of(lab.messages(OURS), 1);
            return run(lab, tally, group().handler(context -> tally.accept(context.message())));
        });
    }

    static Case rejecting() {
        return new Case("filter", "OqronKit, rejected by header", lab -> {
            Tally tally = Tally.unseen(lab.messages(OURS));
            SubscriptionSpec<Event> rejecting = group().headerFilter((key, headers) -> {
                tally.count();
                return "wanted".equals(headers.get("kind"));
            });
            return run(lab, tally, rejecting.handler(context -> tally.accept(context.message())));
        });
    }

    private static SubscriptionSpec<Event> group() {
        return SubscriptionSpec.<Event>group("group").startFrom(Position.earliest());
    }

    private static Map<Figure, Double> run(Lab lab, Tally tally, SubscriptionSpec<Event> spec)
            throws InterruptedException {
        try (OqronSession session = OURS.open(lab.server())) {
            Publishing.flatOut(
                    event -> session.topic()
                            .publishAsync(OutgoingMessage.of(event).header("kind", "unwanted")),
                    lab.messages(OURS));
            Meter meter = lab.meter(OURS);
            Subscription subscription = session.topic().subscribe(spec);
            tally.await();
            Map<Figure, Double> figures = meter.stop().per(tally.expected());
            subscription.close();
            tally.check();
            figures.put(Figure.RATE, tally.rate());
            return figures;
        }
    }
}
