package io.oqronkit.benchmarks;

import io.lettuce.core.Consumer;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.benchmarks.OqronKit.OqronSession;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** Whether the product slows down as a topic grows. */
final class GrowthSteps {

    private static final OqronKit OURS = OqronKit.DEFAULTS;
    static final String GROUP = "group-0";
    private static final int CONCURRENCY = 8;

    private GrowthSteps() {}

    /** What is there before, and the group with it. */
    private record Before(String label, Preparation preparation) {}

    private interface Preparation {
        void run(OqronSession session) throws InterruptedException;
    }

    /** The shortest log comes first: the others are compared with it. */
    static Stream<Case> lengths(int... lengths) {
        return Arrays.stream(lengths)
                .mapToObj(length -> new Before("%,d entries".formatted(length), session -> {
                    Publishing.flatOut(session, length);
                    group(session);
                }))
                .flatMap(GrowthSteps::publishAndDrain);
    }

    /** Handed to a process that never settles them. */
    static Stream<Case> pending(int count) {
        return publishAndDrain(new Before("%,d pending".formatted(count), session -> {
            group(session);
            Publishing.flatOut(session, count);
            hold(session, count);
        }));
    }

    /** Waiting for a retry that comes much later. */
    static Stream<Case> parked(int count) {
        return publishAndDrain(new Before("%,d parked".formatted(count), session -> {
            group(session);
            Publishing.flatOut(session, count);
            park(session, count);
        }));
    }

    static Stream<Case> partitions(int partitions) {
        OqronKit ours = new OqronKit(partitions, false);
        String label = "OqronKit, partitions: " + partitions;
        return Stream.of(
                new Case("growth-partitions-publish", label, lab -> publish(lab, ours, session -> {})),
                new Case("growth-partitions-drain", label, lab -> drain(lab, ours, 1, session -> {})));
    }

    /** Deliveries a second, of all groups together. */
    static Case groups(int groups) {
        return new Case("growth-groups", "OqronKit, groups: " + groups, lab -> drain(lab, OURS, groups, session -> {}));
    }

    private static Stream<Case> publishAndDrain(Before before) {
        String label = "OqronKit, " + before.label;
        return Stream.of(
                new Case("growth-publish", label, lab -> publish(lab, OURS, before.preparation)),
                new Case("growth-drain", label, lab -> drain(lab, OURS, 1, before.preparation)));
    }

    private static Map<Figure, Double> publish(Lab lab, OqronKit ours, Preparation before) throws InterruptedException {
        int messages = lab.messages(ours) / 3;
        try (OqronSession session = ours.open(lab.server())) {
            before.run(session);
            long stored = session.stored();
            Meter meter = lab.meter(ours);
            Publishing.flatOut(session, messages);
            Map<Figure, Double> figures = meter.stop().perStored(messages);
            if (session.stored() != stored + messages) {
                throw new IllegalStateException(
                        "stored %,d messages instead of %,d".formatted(session.stored() - stored, messages));
            }
            return figures;
        }
    }

    private static Map<Figure, Double> drain(Lab lab, OqronKit ours, int groups, Preparation before)
            throws InterruptedException {
        int messages = lab.messages(ours) / 3;
        try (OqronSession session = ours.open(lab.server())) {
            before.run(session);
            Publishing.flatOut(session, messages);
            return DrainSteps.drain(ours, lab, session, Tally.of(messages, groups), groups, CONCURRENCY);
        }
    }

    /** Makes the group, which begins behind what is there now. */
    static void group(OqronSession session) {
        session.topic()
                .subscribe(SubscriptionSpec.<Event>group(GROUP).handler(context -> {}))
                .close();
    }

    @SuppressWarnings("unchecked") // Lettuce takes a generic array
    static void hold(OqronSession session, int count) {
        RedisCommands<String, String> redis = session.client().connect().sync();
        for (int held = 0; held < count; ) {
            held += redis.xreadgroup(
                            Consumer.from(GROUP, "somebody"),
                            XReadArgs.Builder.count(Math.min(10_000, count - held)),
                            StreamOffset.lastConsumed("oq:{bench:0}:s"))
                    .size();
        }
    }

    static void park(OqronSession session, int count) throws InterruptedException {
        Tally tally = Tally.of(count, 1);
        Subscription subscription = session.topic()
                .subscribe(SubscriptionSpec.<Event>group(GROUP).concurrency(64).handler(context -> {
                    context.nack(Duration.ofDays(7));
                    tally.accept(context.message());
                }));
        tally.await();
        subscription.close();
        tally.check();
    }
}
