package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** D1 and D2: consumers are killed and frozen, or only slow. */
class ConsumerCrashIT {

    private static final Duration ACK_DEADLINE = Duration.ofSeconds(2);

    /** At worst the killed process had just renewed, and the others had just swept; the last second is for the work. */
    private static final Duration TAKEN_OVER =
            ACK_DEADLINE.multipliedBy(3).dividedBy(2).plusSeconds(1);

    /** D1. */
    @Test
    void whatKilledProcessesHeldIsHandledByOthersInTime() {
        Settings settings = Settings.none()
                .with("rate", 200)
                .with("mix", "poison=5:0,slow=10:100")
                .with("concurrency", 8)
                .with("ackDeadlineMs", ACK_DEADLINE.toMillis());
        try (Lab lab = Lab.open("D1-kill-consumers", settings)) {
            lab.start(2, 3);
            for (int i = 0; i < Effort.times(3, 10); i++) {
                lab.awaitProgress(300, Duration.ofSeconds(30));
                List<Child> alive = lab.liveConsumers();
                lab.attack().kill(alive.get(lab.random().nextInt(alive.size())));
                lab.consumer(Settings.none());
                lab.awaitReady(); // else on a slow machine nobody is left to take over
            }
            lab.awaitProgress(300, Duration.ofSeconds(30));
            lab.finishUnharmed();
            assertTakenOverInTime(lab, settings.maxAttempts());
        }
    }

    /**
     * Each handler run that died with its process is begun anew elsewhere within one and a half ack deadlines, unless it
     * was the last attempt, which is given up instead.
     */
    private static void assertTakenOverInTime(Lab lab, int maxAttempts) {
        long takenOver = lab.micros(TAKEN_OVER);
        List<Handling> all = lab.handlings();
        List<Handling> died = all.stream()
                .filter(handling -> !handling.ended() && handling.attempt() < maxAttempts)
                .toList();
        assertThat(died).as("something ran when its process was killed").isNotEmpty();
        for (Handling run : died) {
            long killed = lab.harms().deathOf(run.process());
            assertThat(all)
                    .as("%s in group %s after the kill of %s", run.id(), run.group(), run.process())
                    .anyMatch(again -> again.group().equals(run.group())
                            && again.id().equals(run.id())
                            && again.start() > run.start()
                            && again.start() - killed < takenOver);
        }
    }

    /** D2. It wakes up with work that others have long done; its late word counts for nothing. */
    @Test
    void whatAFrozenProcessSaysLateIsRefused() {
        try (Lab lab = Lab.open("D2-freeze-consumer", oneAttempt())) {
            freezeInTheMiddle(lab);

            Report report = lab.finishUnharmed();
            assertThat(report.figure("dead letters (given up)")).isEqualTo(2 * report.figure("  acknowledged"));
        }
    }

    @Test
    void withoutTheCheckOfTheHolderAFrozenProcessIsFoundToGiveUpTwice() {
        try (Lab lab = Lab.open("D2-ablation-holder", oneAttempt())) {
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "lib-group",
                    "return #p == 1 and p[1][2] == consumer and p[1][4] == tonumber(attempt)",
                    "return true"));
            freezeInTheMiddle(lab);

            assertThat(lab.finish().of("I4")).isNotEmpty();
        }
    }

    /** Poison that takes half a second, and no retry: whoever takes it over gives it up, and so does the late one. */
    private static Settings oneAttempt() {
        return Settings.none()
                .with("mix", "poison=100:500")
                .with("count", 40)
                .with("maxRetries", 0)
                .with("concurrency", 8)
                .with("ackDeadlineMs", ACK_DEADLINE.toMillis());
    }

    private static void freezeInTheMiddle(Lab lab) {
        lab.start(0, 2);
        lab.publisher(Settings.none());
        Child frozen = await().atMost(Duration.ofSeconds(20)).until(() -> busiest(lab), one -> one.count("start") >= 4);
        lab.attack().stop(frozen, ACK_DEADLINE.multipliedBy(2));
        await().atMost(Duration.ofSeconds(10)).until(() -> frozen.count("end") == frozen.count("start"));
    }

    /** Which one gets how many of a few messages is chance. */
    private static Child busiest(Lab lab) {
        return Collections.max(lab.consumers(), Comparator.comparing(one -> one.count("start")));
    }

    /** R#21: the deadline is kept for as long as the handler runs. */
    @Test
    void aHandlerMayRunForFiveAckDeadlines() {
        try (Lab lab = Lab.open("D4-slow-handler", slowHandlers())) {
            lab.start(1, 2);

            Report report = lab.finishUnharmed();
            assertThat(report.figure("handler runs")).isEqualTo(report.figure("  acknowledged"));
        }
    }

    @Test
    void withoutRenewalSlowHandlersAreFoundToOverlap() {
        try (Lab lab = Lab.open("D4-ablation-renewal", slowHandlers())) {
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "renew",
                    "local group, me, lost = ARGV[1], ARGV[2], {}",
                    "do return {} end\nlocal group, me, lost"));
            lab.start(1, 2);

            assertThat(lab.finish().of("I3")).isNotEmpty();
        }
    }

    private static Settings slowHandlers() {
        return Settings.none()
                .with("groups", "billing")
                .with("mix", "slow=100:5000")
                .with("count", 12)
                .with("concurrency", 16)
                .with("ackDeadlineMs", 1_000);
    }
}
