package io.oqronkit.pubsub.runtime;

import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** What tests often ask of a group, and often set. */
final class Groups {

    /** The shortest one allowed: takeovers come soon, and so do the ends of blocking reads. */
    static final Duration ACK_DEADLINE = Duration.ofSeconds(1);

    private Groups() {}

    static SubscriptionSpec<OrderEvent> group(String name) {
        return SubscriptionSpec.<OrderEvent>group(name).ackDeadline(ACK_DEADLINE);
    }

    static GroupStats stats(Topic<?> topic, String group) {
        return topic.admin().stats().groups().get(group);
    }

    /** Figures of a group that is not paused. */
    static GroupStats figures(long lag, long pending, long parked, long deadLetters, long dropped, int consumers) {
        return new GroupStats(lag, pending, parked, deadLetters, dropped, consumers, false, false, Optional.empty());
    }

    /** A connection that is just being replaced does not matter. */
    static void awaitFinished(Topic<?> topic, String group) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> stats(topic, group).backlog() == 0);
    }

    /** As a handler that does not know how to stop. */
    static void awaitStubbornly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException again) {
                // goes on waiting
            }
        }
    }

    static List<OrderEvent> events(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(OrderEvent::number).toList();
    }
}
