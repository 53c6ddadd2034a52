package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** F3 and F4: retention against a group that is away, and memory that is full. */
class LimitsIT {

    private static final int BACKLOG = Effort.times(30_000, 100_000);
    private static final Duration TWO_TRIMS = Duration.ofSeconds(30);

    /** F3. However tight the limits, what a group has not handled stays. */
    @Test
    void aBacklogFarBeyondTheLimitsIsKeptForAGroupThatIsAway() {
        try (Lab lab = Lab.open("F3-backlog", backlog())) {
            publishAndTrim(lab);
            assertThat(lab.raw().xlen("oq:{orders:0}:s")).isEqualTo(BACKLOG);
            lab.consumer(Settings.none().with("concurrency", 16));

            lab.finishUnharmed();
            List<Handling> all = lab.handlings();
            double seconds = (all.get(all.size() - 1).start() - all.get(0).start()) / 1e6;
            System.out.printf("F3-backlog: drained %d messages in %.1f s%n", BACKLOG, seconds);
            assertThat(BACKLOG / seconds).as("messages a second").isGreaterThan(2_000);
        }
    }

    @Test
    void withoutTheFloorRetentionIsFoundToLoseTheBacklog() {
        try (Lab lab = Lab.open("F3-ablation-floor", backlog().with("count", 3_000))) {
            lab.weaken(Scripts.weaken(
                    lab.folder(), "trim", "if ARGV[6] ~= '1' then firstKept = math.min(firstKept, floor) end", ""));
            publishAndTrim(lab);
            lab.consumer(Settings.none());

            assertThat(lab.finish().of("I1")).isNotEmpty();
        }
    }

    /** Told to drop, it counts exactly what a group lost: the oracle compares. */
    @Test
    void whatALimitDropsIsCountedExactly() {
        try (Lab lab = Lab.open("F3-drop", backlog().with("count", 3_000).with("unfinished", "DROP"))) {
            publishAndTrim(lab);
            lab.consumer(Settings.none());

            Report report = lab.finishUnharmed();
            assertThat(report.figure("dropped by a limit")).isPositive();
        }
    }

    private static Settings backlog() {
        return Settings.none()
                .with("groups", "billing")
                .with("count", BACKLOG)
                .with("rate", 6_000)
                .with("maxCount", 1_000)
                .with("maxAgeMs", 1_000);
    }

    /** All that is published, and a trim after its last message was old enough; by a process of its own. */
    private static void publishAndTrim(Lab lab) {
        Child publisher = lab.publisher(Settings.none());
        await().atMost(Duration.ofMinutes(2)).until(() -> publisher.count("done") == 1);
        Child trimming = lab.publisher(Settings.none().with("count", 0).with("rate", 0));
        lab.awaitReady();
        String before = trimmed(lab);
        await().atMost(TWO_TRIMS).until(() -> !trimmed(lab).equals(before));
        trimming.kill();
    }

    private static String trimmed(Lab lab) {
        return String.valueOf(lab.raw().hget("oq:{orders:0}:m", "trimmed"));
    }

    /** F4. Publishing fails clearly; what is stored is handled, also by those who take over; then it goes on. */
    @Test
    void fullMemoryStopsPublishingAndNothingElse() {
        Settings settings = Settings.none()
                .with("groups", "billing")
                .with("rate", 400)
                .with("padding", 20_000)
                .with("publishTimeoutMs", 1_000)
                .with("maxCount", 100)
                .with("handlerMs", 20)
                .with("mix", "poison=2:0")
                .with("maxRetries", 1);
        try (Lab lab = Lab.open("F4-memory", settings, server -> server.setting("maxmemory", "24mb"))) {
            lab.start(1, 2);
            Child publisher = lab.publishers().get(0);
            await().atMost(Duration.ofSeconds(60)).until(() -> publisher.count("failed") >= 100);
            lab.harms().during(Harm.Kind.FILL_MEMORY, Harm.ALL, () -> {
                lab.attack().kill(lab.consumers().get(0));
                lab.consumer(Settings.none());
                lab.awaitReady();
                long handled = lab.handled();
                await("handling goes on").atMost(Duration.ofSeconds(20)).until(() -> lab.handled() > handled + 100);
            });
            lab.endPublishers();
            lab.consumer(Settings.none().with("concurrency", 64));
            lab.drain();

            Child later = lab.publisher(Settings.none().with("rate", 50));
            await("room is made, publishing goes on").atMost(TWO_TRIMS).until(() -> later.count("acked") > 100);
            Report report = lab.finishUnharmed();
            assertThat(report.figure("  failed for certain")).isPositive();
        }
    }
}
