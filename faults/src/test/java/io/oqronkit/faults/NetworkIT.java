package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.Scripts;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** E1 and E2: replies that never come, connections that are cut, stalled or slow, and consumers that are slow. */
class NetworkIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    /** E1, directed: for each kind of command, it is executed and nobody hears of it. */
    @Test
    void aCommandWhoseReplyIsLostDoesItsWorkOnce() {
        try (Lab lab = Lab.open("E1-lost-replies", load())) {
            lab.start(1, 2);
            for (String script : List.of("publish", "ack", "park", "dead", "renew", "reclaim")) {
                loseReply(lab, Scripts.digest(script));
            }
            loseReply(lab, "XREADGROUP");
            lab.finishUnharmed();
        }
    }

    private static void loseReply(Lab lab, String command) {
        for (int i = 0; i < Effort.times(2, 10); i++) {
            lab.awaitProgress(20, SOON);
            lab.harms().during(Harm.Kind.SWALLOW_REPLIES, Harm.ALL, () -> {
                int before = lab.proxy().swallowed();
                lab.proxy().swallowReplyTo(command);
                await(command).atMost(SOON).until(() -> lab.proxy().swallowed() > before);
            });
        }
        lab.awaitProgress(1, SOON);
    }

    /** The same for the owners of an ordered group's partitions; without reads that are repeated, messages are stuck here. */
    @Test
    void aCommandOfAnOwnerWhoseReplyIsLostDoesItsWorkOnceAndInOrder() {
        Settings ordered = load().with("mode", "KEY_ORDERED").with("keys", 20).with("partitions", 2);
        try (Lab lab = Lab.open("E1-lost-replies-ordered", ordered)) {
            lab.start(1, 2);
            for (String script : List.of("read_owned", "read_owned", "attempt", "ack", "dead", "extend", "member")) {
                loseReply(lab, Scripts.digest(script));
            }
            lab.finishUnharmed();
        }
    }

    /** E1, at random. */
    @Test
    void cutsAndStallsLoseNothingAndStoreNothingTwice() {
        try (Lab lab = Lab.open("E1-random-network", load())) {
            lab.start(1, 2);
            for (int i = 0; i < Effort.times(25, 500); i++) {
                RandomNetworkFault.inflict(lab);
                Attack.hold(Duration.ofMillis(lab.random().nextInt(300)));
            }
            lab.awaitProgress(100, SOON);
            lab.finishUnharmed();
        }
    }

    /** Without it, a batch that is sent again is stored again. */
    @Test
    void withoutTheSequenceOfProducersLostRepliesAreFoundToStoreTwice() {
        try (Lab lab = Lab.open("E1-ablation-sequence", load())) {
            lab.weaken(Scripts.weaken(lab.folder(), "publish", "if itsMs then return {itsMs, itsFirst, 1} end", ""));
            lab.start(1, 1);
            loseReply(lab, "{orders:0}:p"); // publish.lua has this key, and every 5 s trim.lua

            assertThat(lab.finish().of("I9"))
                    .anyMatch(violation -> violation.what().contains("stored twice"));
        }
    }

    private static Settings load() {
        return Settings.none().with("proxy", true).with("rate", 200).with("mix", "poison=3:0,flaky=5:1,slow=10:50");
    }

    /** E2. A group that is ten times too slow neither piles up in memory nor delays another. */
    @Test
    void aSlowGroupIsNoBurdenForAnother() {
        Settings settings = Settings.none().with("groups", "fast,slow").with("rate", 200);
        try (Lab lab = Lab.open("E2-slow-consumer", settings)) {
            Child fast = lab.consumer(Settings.none().with("groups", "fast"));
            lab.awaitReady();
            lab.publisher(Settings.none());
            lab.awaitProgress(Effort.times(800, 6_000), Duration.ofMinutes(2));
            long alone = p99Micros(lab, fast);
            int concurrency = 2;
            Child slow = lab.consumer(Settings.none()
                    .with("groups", "slow")
                    .with("concurrency", concurrency)
                    .with("handlerMs", 100));
            lab.awaitReady();
            long from = fast.count("start");
            await().atMost(Duration.ofMinutes(2)).until(() -> fast.count("start") > from + Effort.times(800, 6_000));
            long beside = p99Micros(lab, fast);

            assertThat(beside)
                    .as("µs from publishing to handling (p99), alone %d; half a second is for a busy machine", alone)
                    .isLessThan(2 * alone + 500_000);
            assertThat(lab.stats("slow").pending())
                    .as("handed out and not done")
                    .isLessThanOrEqualTo(2 * concurrency);
            lab.endPublishers();
            lab.attack().kill(slow);
            lab.consumer(Settings.none().with("groups", "slow").with("concurrency", 64));
            lab.finishUnharmed();
        }
    }

    /** From the stamp that Redis gave the message to the start of its handler; the same clock on one machine. */
    private static long p99Micros(Lab lab, Child consumer) {
        List<Long> delays = lab.handlings().stream()
                .filter(handling -> handling.process().equals(consumer.name()))
                .sorted(Comparator.comparingLong(Handling::start).reversed())
                .limit(500)
                .map(handling -> handling.start() - publishedMillis(handling) * 1_000)
                .sorted()
                .toList();
        return delays.get(delays.size() * 99 / 100);
    }

    private static long publishedMillis(Handling handling) {
        return Long.parseLong(handling.id().split("[:-]")[1]);
    }
}
