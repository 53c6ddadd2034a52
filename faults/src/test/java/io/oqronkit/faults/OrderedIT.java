package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** G1 and order by key: owners of partitions are killed, frozen and replaced under load, and the order holds. */
class OrderedIT {

    private static final Duration ACK_DEADLINE = Duration.ofSeconds(2);

    /** A lease ends an ack deadline after the last word of its owner; the last second is for whoever waits for it. */
    private static final Duration TAKEN_OVER = ACK_DEADLINE.plusSeconds(1);

    private static final Duration SOON = Duration.ofSeconds(20);

    /** G1. */
    @Test
    void anExclusiveGroupKeepsItsOrderWhenItsOwnerIsKilledOrFrozen() {
        try (Lab lab = Lab.open("G1-exclusive", exclusive())) {
            lab.start(1, 3);
            for (int i = 0; i < Effort.times(2, 10); i++) {
                lab.awaitProgress(200, SOON);
                Child killed = owner(lab);
                lab.attack().kill(killed);
                awaitTakeOver(lab, killed, Ledger.now());
                lab.consumer(Settings.none());
                lab.awaitReady();
                lab.awaitProgress(200, SOON);
                Child frozen = owner(lab);
                long from = Ledger.now();
                lab.attack().stop(frozen, ACK_DEADLINE.multipliedBy(2));
                awaitTakeOver(lab, frozen, from);
            }
            lab.finishUnharmed();
        }
    }

    /** Without it every process reads, and the oracle must see it. */
    @Test
    void withoutLeasesAnExclusiveGroupIsFoundOutOfOrder() {
        try (Lab lab = Lab.open("G1-ablation-lease", exclusive())) {
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "acquire",
                    "if owner and string.sub(owner, 1, #me + 1) ~= me .. '|' then",
                    "if false then"));
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "lib-group",
                    "return lease == '' or redis.call('GET', KEYS[6]) == lease end",
                    "return true end"));
            lab.weaken(Scripts.weaken(
                    lab.folder(), "extend", "if redis.call('GET', KEYS[6]) ~= ARGV[1] then return {0} end", ""));
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "member",
                    "for i, member in ipairs(members) do result[i + 1] = member[1] end",
                    "result[2] = me"));
            lab.start(1, 2);
            lab.awaitProgress(500, SOON);

            assertThat(lab.finish().of("I2")).isNotEmpty();
        }
    }

    private static Settings exclusive() {
        return Settings.none()
                .with("mode", "EXCLUSIVE")
                .with("groups", "billing")
                .with("rate", 150)
                .with("mix", "flaky=3:1,poison=1:0,slow=10:10")
                .with("maxRetries", 3)
                .with("backoffMs", 10)
                .with("ackDeadlineMs", ACK_DEADLINE.toMillis());
    }

    private static Child owner(Lab lab) {
        List<Handling> all = lab.handlings();
        String name = all.get(all.size() - 1).process();
        return lab.consumers().stream()
                .filter(child -> child.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitTakeOver(Lab lab, Child lost, long since) {
        await("another process takes over")
                .atMost(SOON)
                .until(() -> !owner(lab).name().equals(lost.name()));
        long taken = lab.handlings().stream()
                .filter(handling ->
                        handling.start() > since && !handling.process().equals(lost.name()))
                .findFirst()
                .orElseThrow()
                .start();
        assertThat(taken - since).as("take-over in µs").isLessThan(lab.micros(TAKEN_OVER));
    }

    /** Its token is old: neither a dead letter nor an acknowledgement of it counts. */
    @Test
    void whatAFrozenOwnerSaysLateIsRefused() {
        Settings settings = exclusive()
                .with("mix", "poison=100:400")
                .with("count", 6)
                .with("rate", 1_000)
                .with("maxRetries", 0);
        try (Lab lab = Lab.open("G1-late-word", settings)) {
            lab.start(1, 2);
            await().atMost(SOON).until(() -> lab.handled() >= 1);
            Child frozen = owner(lab);
            lab.attack().stop(frozen, ACK_DEADLINE.multipliedBy(2));
            await().atMost(SOON).until(() -> frozen.count("end") == frozen.count("start"));

            Report report = lab.finishUnharmed();
            assertThat(report.figure("dead letters (given up)")).isEqualTo(6);
        }
    }

    /** Processes join and leave, every tenth message fails once: each key stays in order. */
    @Test
    void aKeyOrderedGroupKeepsTheOrderOfEachKeyWhileProcessesComeAndGo() {
        int keys = 50;
        Settings settings = keyOrdered()
                .with("partitions", 4)
                .with("keys", keys)
                .with("count", keys * 200)
                .with("rate", 1_500)
                .with("mix", "flaky=10:1")
                .with("backoffMs", 20);
        try (Lab lab = Lab.open("G3-key-ordered", settings)) {
            lab.start(1, 2);
            for (int i = 0; i < Effort.times(2, 10) && lab.acknowledged() < keys * 200; i++) {
                await().atMost(SOON).until(() -> lab.handled() > 0);
                lab.consumer(Settings.none());
                lab.awaitReady();
                List<Child> alive = lab.liveConsumers();
                if (i % 2 == 0) {
                    lab.attack().term(alive.get(0));
                } else {
                    lab.attack().kill(alive.get(0));
                }
            }
            lab.finishUnharmed();
            assertThat(lab.handlings().stream().map(Handling::key).distinct()).hasSize(keys);
        }
    }

    /** A retry holds up its key, and no other. */
    @Test
    void whileOneKeyIsRetriedTheOthersGoOn() {
        Settings settings = keyOrdered()
                .with("keys", 10)
                .with("count", 400)
                .with("rate", 200)
                .with("mix", "flaky=2:1")
                .with("backoffMs", 1_000);
        try (Lab lab = Lab.open("G3-keys-go-on", settings)) {
            lab.start(1, 1);
            lab.finishUnharmed();

            List<Handling> all = lab.handlings();
            Map<String, List<Handling>> retried =
                    all.stream().collect(Collectors.groupingBy(Handling::id)).entrySet().stream()
                            .filter(runs -> runs.getValue().size() > 1)
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            assertThat(retried).isNotEmpty();
            assertThat(retried.values()).anySatisfy(runs -> assertThat(all.stream()
                            .filter(other -> other.start() > runs.get(0).end()
                                    && other.start() < runs.get(1).start())
                            .map(Handling::key)
                            .distinct())
                    .as(
                            "keys that were handled during a retry of %s",
                            runs.get(0).key())
                    .hasSizeGreaterThanOrEqualTo(8)
                    .doesNotContain(runs.get(0).key()));
        }
    }

    private static Settings keyOrdered() {
        return Settings.none()
                .with("mode", "KEY_ORDERED")
                .with("groups", "billing")
                .with("concurrency", 8)
                .with("ackDeadlineMs", ACK_DEADLINE.toMillis());
    }
}
