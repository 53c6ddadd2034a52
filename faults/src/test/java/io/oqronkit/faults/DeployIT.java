package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** D3 and F5: processes end as a deployment ends them, under load. */
class DeployIT {

    /** D3. */
    @Test
    void aSigtermUnderLoadRepeatsNothingAndBurnsNoAttempt() {
        Settings settings =
                Settings.none().with("rate", 300).with("handlerMs", 10).with("groups", "billing");
        try (Lab lab = Lab.open("D3-sigterm", settings)) {
            lab.start(1, 2);
            for (int i = 0; i < Effort.times(2, 10); i++) {
                lab.awaitProgress(300, Duration.ofSeconds(30));
                lab.consumer(Settings.none());
                lab.awaitReady();
                lab.awaitProgress(100, Duration.ofSeconds(30));
                lab.attack().term(lab.liveConsumers().get(0));
            }
            lab.finishUnharmed(); // SIGTERM explains no duplicate
            assertThat(lab.handlings())
                    .filteredOn(
                            handling -> !lab.harms().explains(handling.process(), handling.start(), handling.start()))
                    .allMatch(handling -> handling.attempt() == 1);
        }
    }

    /** What was handed out and not begun is handled elsewhere at once, not when its ack deadline is over. */
    @Test
    void whatWasNotStartedIsHandledElsewhereWithinASecond() {
        Settings settings = Settings.none()
                .with("groups", "billing")
                .with("handlerMs", 200)
                .with("concurrency", 2)
                .with("ackDeadlineMs", 30_000);
        try (Lab lab = Lab.open("D3-hand-back", settings)) {
            Child leaving = lab.consumer(Settings.none());
            lab.awaitReady();
            lab.publisher(Settings.none().with("count", 12).with("rate", 10_000));
            await().atMost(Duration.ofSeconds(20)).until(() -> leaving.count("start") >= 2);
            lab.consumer(Settings.none().with("concurrency", 16).with("handlerMs", 0));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> lab.consumers().get(1).count("ready") == 1);
            long asked = Ledger.now();
            lab.attack().term(leaving);

            lab.finishUnharmed();
            List<Handling> all = lab.handlings();
            assertThat(all).allMatch(handling -> handling.attempt() == 1);
            assertThat(all.get(all.size() - 1).start() - asked).isLessThan(lab.micros(Duration.ofSeconds(1)));
        }
    }

    /** The shutdown timeout is too short for the handlers: their messages come again, and none is lost. */
    @Test
    void handlersThatAreCutShortLoseNothing() {
        try (Lab lab = Lab.open("D3-cut-short", cutShort())) {
            leaveInTheMiddle(lab);

            lab.finishUnharmed();
        }
    }

    @Test
    void withoutTheCheckOfPendingOnesALeavingProcessIsFoundToLoseThem() {
        try (Lab lab = Lab.open("D3-ablation-leave", cutShort())) {
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "leave",
                    "if #redis.call('XPENDING', KEYS[at], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then",
                    "if true then"));
            leaveInTheMiddle(lab);

            assertThat(lab.finish().of("I1")).isNotEmpty();
        }
    }

    private static Settings cutShort() {
        return Settings.none()
                .with("groups", "billing")
                .with("mix", "slow=100:3000")
                .with("count", 8)
                .with("concurrency", 8)
                .with("shutdownTimeoutMs", 200);
    }

    private static void leaveInTheMiddle(Lab lab) {
        Child leaving = lab.consumer(Settings.none());
        lab.awaitReady();
        lab.publisher(Settings.none());
        await().atMost(Duration.ofSeconds(20)).until(() -> leaving.count("start") == 8);
        lab.attack().term(leaving);
        lab.consumer(Settings.none());
        lab.awaitReady();
    }
}
