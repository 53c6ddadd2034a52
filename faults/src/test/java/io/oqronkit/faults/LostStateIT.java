package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.oracle.Sent;
import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F2. Somebody deletes things in Redis while the system is at work. */
class LostStateIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int RATE = 300;
    private static final String KEYS = "oq:{orders:0}";

    /** Scripts again and again, the schedule of retries, the meta hash, a group: nothing published may be lost. */
    @Test
    void lostScriptsSchedulesMetaAndGroupsLoseNoMessage() {
        try (Lab lab = Lab.open("F2-lost-state", load())) {
            lab.start(1, 2);
            RedisCommands<String, String> redis = lab.raw();
            for (int round = 0; round < Effort.times(1, 10); round++) {
                flushScripts(lab, redis);
                lose(lab, Harm.Kind.DELETE_SCHEDULE, () -> redis.del(KEYS + ":k:billing"));
                lose(lab, Harm.Kind.DELETE_META, () -> redis.del(KEYS + ":m"));
                awaitCheckpoint(lab);
                destroyGroup(lab);
            }
            Report report = lab.finishUnharmed();
            assertThat(report.figure("  completed again (duplicates)"))
                    .as("at most what a group handled since the last checkpoint, or since its first unfinished message")
                    .isLessThan(Effort.times(1, 10) * RATE * 10L);
        }
    }

    @Test
    void withoutTheCheckpointALostGroupIsFoundToLoseMessages() {
        try (Lab lab = Lab.open("F2-ablation-checkpoint", load().with("handlerMs", 20))) {
            lab.weaken(Scripts.weaken(
                    lab.folder(),
                    "ensure",
                    "local stood = floor and before(floor) or resolve(KEYS[1], KEYS[3], 'earliest', '')",
                    "local stood = last"));
            lab.start(1, 1);
            awaitCheckpoint(lab);
            destroyGroup(lab);

            assertThat(lab.finish().of("I1")).isNotEmpty();
        }
    }

    private static Settings load() {
        return Settings.none().with("rate", RATE).with("mix", "flaky=20:1,slow=5:50");
    }

    private static void flushScripts(Lab lab, RedisCommands<String, String> redis) {
        lab.harms().during(Harm.Kind.FLUSH_SCRIPTS, Harm.ALL, () -> {
            for (int i = 0; i < 20; i++) {
                redis.scriptFlush();
                Attack.hold(Duration.ofMillis(50));
            }
        });
        lab.awaitProgress(100, SOON);
    }

    private static void lose(Lab lab, Harm.Kind kind, Runnable deletion) {
        lab.harms().during(kind, Harm.ALL, deletion);
        lab.awaitProgress(100, SOON);
    }

    /** Where the groups stand is noted every 5 seconds. */
    private static void awaitCheckpoint(Lab lab) {
        await().atMost(SOON).until(() -> lab.raw().hget(KEYS + ":m", "floor:billing") != null);
    }

    private static void destroyGroup(Lab lab) {
        lose(lab, Harm.Kind.DESTROY_GROUP, () -> lab.raw().xgroupDestroy(KEYS + ":s", "billing"));
    }

    /** What is gone is gone; what is published afterwards reaches every group. */
    @ParameterizedTest
    @ValueSource(strings = {"all", "stream"})
    void afterAFlushEverythingPublishedIsDelivered(String what) {
        try (Lab lab = Lab.open("F2-flush-" + what, Settings.none().with("rate", 300))) {
            lab.start(1, 2);
            lab.awaitProgress(200, SOON);
            lab.harms().during(Harm.Kind.FLUSH_ALL, Harm.ALL, () -> flush(lab, what));
            long flushed = Ledger.now();
            lab.awaitProgress(300, SOON);
            lab.endPublishers();
            lab.drain();

            for (String group : List.of("billing", "shipping")) {
                Set<String> handled = lab.handlings().stream()
                        .filter(handling -> handling.group().equals(group) && handling.completed())
                        .map(Handling::task)
                        .collect(Collectors.toSet());
                List<String> missing = lab.sent().values().stream()
                        .filter(sent -> sent.at() > flushed && sent.outcome() == Sent.Outcome.ACKED)
                        .map(Sent::task)
                        .filter(task -> !handled.contains(task))
                        .toList();
                assertThat(missing)
                        .as("group %s, published after the flush", group)
                        .isEmpty();
            }
        }
    }

    private static void flush(Lab lab, String what) {
        if (what.equals("all")) {
            lab.redis().flushAll();
        } else {
            lab.raw().del(KEYS + ":s");
        }
    }
}
