package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.work.Settings;
import io.oqronkit.faults.work.Task;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.SubscriptionSpec;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** F5. Many restarts leave nothing behind. */
class RestartIT {

    @Test
    void manyRestartsLeaveNoNamesThreadsOrConnectionsBehind() {
        try (Lab lab = Lab.open("F5-restarts", Settings.none().with("groups", "restarts"))) {
            lab.start(1, 1);
            lab.awaitProgress(50, Duration.ofSeconds(20));
            restart(lab);
            long threads = ownThreads();
            long connections = connections(lab);
            for (int i = 0; i < Effort.times(30, 200); i++) {
                restart(lab);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> ownThreads() <= threads);
            await().atMost(Duration.ofSeconds(10)).until(() -> connections(lab) <= connections);
            assertThat(lab.stats("restarts").consumers()).isLessThanOrEqualTo(1 + 2);
            lab.endPublishers();
            lab.drain();
            assertThat(lab.stats("restarts").backlog()).isZero();
        }
    }

    /** Comes, handles something (its ledger is not asked), goes. */
    private static void restart(Lab lab) {
        try (PubSub pubSub = lab.openPubSub()) {
            CountDownLatch handled = new CountDownLatch(1);
            pubSub.topic("orders", Task.class)
                    .subscribe(SubscriptionSpec.<Task>group("restarts")
                            .concurrency(2)
                            .ackDeadline(Duration.ofSeconds(2))
                            .handler(context -> handled.countDown()));
            assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Other test classes run beside this one: theirs have other names. */
    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("oqronkit-orders/restarts"))
                .count();
    }

    private static long connections(Lab lab) {
        return lab.raw().clientList().lines().count();
    }
}
