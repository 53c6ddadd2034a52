package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** F1. Messages that cannot be handled: junk, failures, ones that kill their process, huge ones. */
class PoisonIT {

    private static final String DEAD_LETTERS = "oq:{orders:0}:d:billing";

    /** In a quiet run poison is tried exactly as often as it should be, and everything else goes by. */
    @Test
    void badMessagesEndInDeadLettersAndHoldNothingUp() {
        Settings settings = Settings.none()
                .with("mix", "poison=5:0,junk=5:0,flaky=10:2,slow=10:50")
                .with("count", Effort.times(1_000, 20_000))
                .with("rate", 400)
                .with("maxRetries", 2);
        try (Lab lab = Lab.open("F1-poison", settings)) {
            lab.start(1, 2);

            Report report = lab.finishUnharmed();
            assertThat(report.figure("dead letters (given up)")).isPositive();
            assertThat(report.figure("  completed again (duplicates)")).isZero();
        }
    }

    /** It takes down one process for each attempt, and no more. */
    @Test
    void aMessageThatKillsItsProcessIsGivenUpWithoutRunningAgain() {
        Settings settings = Settings.none()
                .with("groups", "billing")
                .with("maxRetries", 1)
                .with("concurrency", 1)
                .with("ackDeadlineMs", 1_000);
        try (Lab lab = Lab.open("F1-halt", settings)) {
            lab.publisher(Settings.none().with("count", 1).with("mix", "halt=100:0"));
            for (int attempt = 1; attempt <= 2; attempt++) {
                Child victim = lab.consumer(Settings.none());
                await().atMost(Duration.ofSeconds(60)).until(() -> !victim.isAlive());
                lab.harms().during(Harm.Kind.KILL_CONSUMER, victim.name(), () -> {});
            }
            lab.consumer(Settings.none());

            Report report = lab.finishUnharmed();
            assertThat(report.figure("handler runs")).isEqualTo(2);
            assertThat(report.figure("dead letters (given up)")).isEqualTo(1);
        }
    }

    /** Messages of nearly 1 MB through processes with 128 MB. */
    @Test
    void hugeMessagesFitIntoASmallHeap() {
        Settings settings = Settings.none()
                .with("groups", "billing")
                .with("padding", 1_000_000)
                .with("count", Effort.times(150, 1_000))
                .with("rate", 50)
                .with("handlerMs", 5)
                .with("concurrency", 4);
        try (Lab lab = Lab.open("F1-huge", settings)) {
            lab.start(1, 1);

            lab.finishUnharmed();
        }
    }

    /** The dead letters cannot be written (their key is of another type): the message stays until they can. */
    @Test
    void aDeadLetterThatCannotBeWrittenIsNotForgotten() {
        try (Lab lab = Lab.open("F1-wrong-type", wrongType())) {
            refuseDeadLetters(lab);

            lab.finishUnharmed();
        }
    }

    /** In an ordered group nobody sweeps: its owner itself tries again. */
    @Test
    void norIsItForgottenInAnOrderedGroup() {
        try (Lab lab = Lab.open("F1-wrong-type-exclusive", wrongType().with("mode", "EXCLUSIVE"))) {
            refuseDeadLetters(lab);

            lab.finishUnharmed();
        }
    }

    @Test
    void withoutTheOrderOfStepsADeadLetterThatCannotBeWrittenIsFoundToBeLost() {
        try (Lab lab = Lab.open("F1-ablation-dead", wrongType())) {
            lab.weaken(Scripts.weaken(
                    lab.folder(), "dead", "if ARGV[8] == '1' then", "finish(group, ref)\nif ARGV[8] == '1' then"));
            refuseDeadLetters(lab);

            assertThat(lab.finish().of("I1")).isNotEmpty();
        }
    }

    private static Settings wrongType() {
        return Settings.none()
                .with("groups", "billing")
                .with("mix", "poison=100:0")
                .with("count", 10)
                .with("maxRetries", 0)
                .with("ackDeadlineMs", 1_000);
    }

    private static void refuseDeadLetters(Lab lab) {
        lab.raw().set(DEAD_LETTERS, "not a stream");
        lab.start(1, 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> lab.handled() >= 10);
        lab.raw().del(DEAD_LETTERS);
    }
}
