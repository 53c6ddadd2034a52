package io.oqronkit.benchmarks;

import io.oqronkit.benchmarks.OqronKit.OqronSession;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** What one of each thing takes in Redis, over and above what was there before. */
final class MemoryStep {

    private static final OqronKit OURS = OqronKit.DEFAULTS;

    private MemoryStep() {}

    /** Makes what is measured. */
    private interface Growth {
        void make(OqronSession session, int count) throws InterruptedException;
    }

    static Stream<Case> all() {
        return Stream.of(
                of("a message, payload included", 1, MemoryStep::nothing, Publishing::flatOut),
                of("a message with a key and two headers", 1, MemoryStep::nothing, MemoryStep::keyed),
                of("a pending message, besides the message", 1, MemoryStep::unread, GrowthSteps::hold),
                of("a parked message, besides the message", 1, MemoryStep::unread, GrowthSteps::park),
                of("a dead letter, with a cause of 25 characters", 1, MemoryStep::unread, MemoryStep::giveUp),
                of("a delayed message", 1, MemoryStep::nothing, MemoryStep::delay),
                of("a message with an idempotency key of 36 characters", 1, MemoryStep::nothing, MemoryStep::identify),
                of("a group with a process", 100, MemoryStep::plain, MemoryStep::groups),
                of("a topic with a message", 100, MemoryStep::nothing, MemoryStep::topics));
    }

    /** @param fewer by which the usual number is divided */
    private static Case of(String label, int fewer, Growth before, Growth growth) {
        return new Case("memory", label, lab -> {
            int count = Math.max(1, lab.messages(OURS) / 10 / fewer);
            try (OqronSession session = OURS.open(lab.server())) {
                before.make(session, count);
                long used = lab.server().usedMemory();
                growth.make(session, count);
                double each = (lab.server().usedMemory() - used) / (double) count;
                return Map.of(Figure.MEMORY, each);
            }
        });
    }

    private static void nothing(OqronSession session, int count) {
        session.topic().publish(Event.at(0)); // so that the topic's keys are there
    }

    private static void plain(OqronSession session, int count) throws InterruptedException {
        Publishing.flatOut(session, count);
    }

    /** Messages, and a group that has not read them. */
    private static void unread(OqronSession session, int count) throws InterruptedException {
        GrowthSteps.group(session);
        Publishing.flatOut(session, count);
    }

    private static void keyed(OqronSession session, int count) throws InterruptedException {
        Publishing.flatOut(
                event -> session.topic()
                        .publishAsync(OutgoingMessage.of(event)
                                .key("customer-" + event.place())
                                .header("region", "eu-west")
                                .header("priority", "high")),
                count);
    }

    private static void giveUp(OqronSession session, int count) throws InterruptedException {
        Tally tally = Tally.of(count, 1);
        Subscription subscription = session.topic()
                .subscribe(SubscriptionSpec.<Event>group(GrowthSteps.GROUP)
                        .concurrency(64)
                        .handler(context -> {
                            context.deadLetter("the order was not payable");
                            tally.accept(context.message());
                        }));
        tally.await();
        subscription.close();
        tally.check();
    }

    private static void delay(OqronSession session, int count) throws InterruptedException {
        Publishing.flatOut(
                event -> session.topic().publishAsync(OutgoingMessage.of(event).delay(Duration.ofDays(7))), count);
    }

    private static void identify(OqronSession session, int count) throws InterruptedException {
        Publishing.flatOut(
                event -> session.topic()
                        .publishAsync(OutgoingMessage.of(event)
                                .idempotencyKey("6f1c2b9a-9f6e-4a57-8a54-%012d".formatted(event.place()))),
                count);
    }

    private static void groups(OqronSession session, int count) {
        for (int i = 0; i < count; i++) {
            session.topic()
                    .subscribe(SubscriptionSpec.<Event>group("group-" + i).handler(context -> {}));
        }
    }

    private static void topics(OqronSession session, int count) {
        for (int i = 0; i < count; i++) {
            session.pubSub().topic("memory-" + i, Event.class).publish(Event.at(i));
        }
    }
}
