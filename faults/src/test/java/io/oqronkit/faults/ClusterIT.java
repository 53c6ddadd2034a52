package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.SlotMove;
import io.oqronkit.faults.oracle.Gaps;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Settings;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** C1 and C2: a master of a cluster dies or freezes under load, and a partition in use moves to another master. */
class ClusterIT {

    private static final Duration TAKEN_OVER = Duration.ofSeconds(20);
    private static final Duration BETWEEN_KEYS = Duration.ofMillis(300);
    /** The three keys that publishing needs, and that of redriven messages, which may come between them. */
    private static final Duration APART = BETWEEN_KEYS.multipliedBy(3);

    /** Killed, and started again by whoever watches over it once its replica has taken over: then there are two again. */
    @Test
    void aMasterThatDiesLosesNothingAndItsPartitionsGoOn() {
        failOver("C1-kill-master", Harm.Kind.KILL_REDIS, EmbeddedRedis::kill, EmbeddedRedis::restart);
    }

    /** It goes on as a master that has been replaced, with what was sent to it meanwhile. */
    @Test
    void aMasterThatFreezesLosesNothingAndItsPartitionsGoOn() {
        failOver("C1-freeze-master", Harm.Kind.STOP_REDIS, EmbeddedRedis::pause, EmbeddedRedis::resume);
    }

    private static void failOver(
            String name, Harm.Kind kind, Consumer<EmbeddedRedis> harm, Consumer<EmbeddedRedis> heal) {
        Settings settings = Settings.none()
                .with("partitions", 12)
                .with("rate", 300)
                .with("replicas", 1)
                .with("publishTimeoutMs", 20_000)
                .with("mix", "flaky=5:1");
        try (Lab lab = Lab.openCluster(name, settings, 3)) {
            lab.start(1, 2);
            lab.awaitProgress(600, Duration.ofSeconds(20));
            for (int i = 0; i < Effort.times(1, 3); i++) {
                EmbeddedRedis master = lab.cluster().masters().get(i);
                EmbeddedRedis replica = lab.cluster().replicas().get(i);
                lab.harms().during(kind, Harm.ALL, () -> {
                    harm.accept(master);
                    await().atMost(TAKEN_OVER).until(() -> isMaster(replica));
                    heal.accept(master);
                });
                lab.awaitProgress(600, TAKEN_OVER);
            }
            Report report = lab.finishUnharmed();

            assertThat(report.figure("  failed for certain")).isZero();
            assertThat(report.figure("  outcome unknown")).isZero();
            assertGaps(lab, Duration.ofSeconds(7), Duration.ofSeconds(10));
        }
    }

    /** Slower than any tool does it: every key by itself, with a pause. Publishing needs three of them together. */
    @Test
    void aPartitionMovesWhileItIsUsedAndNobodyHearsOfIt() {
        Settings settings =
                Settings.none().with("partitions", 3).with("rate", 300).with("groups", "billing");
        try (Lab lab = Lab.openCluster("C2-move-slot", settings, 3)) {
            lab.start(1, 2);
            lab.awaitProgress(600, Duration.ofSeconds(20));
            for (int i = 0; i < Effort.times(2, 10); i++) {
                int partition = i % 3;
                SlotMove move = new SlotMove(lab.cluster(), "oq:{orders:" + partition + "}:s");
                int[] keys = new int[1];
                lab.harms().during(Harm.Kind.MOVE_SLOT, Harm.ALL, () -> keys[0] = move.run(BETWEEN_KEYS));
                System.out.printf("C2-move-slot: partition %d moved, %d keys%n", partition, keys[0]);
                lab.awaitProgress(300, Duration.ofSeconds(10));
            }
            Report report = lab.finishUnharmed();

            assertThat(report.figure("  failed for certain")).isZero();
            assertThat(report.figure("  outcome unknown")).isZero();
            assertThat(told(lab)).isEmpty();
            assertGaps(lab, APART.plusMillis(600), Duration.ofSeconds(3));
        }
    }

    private static boolean isMaster(EmbeddedRedis node) {
        try (RedisClient client = RedisClient.create(RedisURI.create(node.uri()))) {
            return client.connect().sync().info("replication").contains("role:master");
        }
    }

    private static List<String> told(Lab lab) {
        return Stream.concat(lab.publishers().stream(), lab.consumers().stream())
                .flatMap(child -> Ledger.read(child.ledger()).stream())
                .filter(line -> line.kind().equals("event"))
                .map(line -> line.field(0))
                .toList();
    }

    private static void assertGaps(Lab lab, Duration publishing, Duration handling) {
        Map<Integer, Duration> published =
                Gaps.ofPublishing(lab.publishers().stream().map(Child::ledger));
        Map<Integer, Duration> handled =
                Gaps.ofHandling(lab.consumers().stream().map(Child::ledger));
        System.out.printf("longest gaps: publishing %s, handling %s%n", published, handled);
        assertThat(published.values())
                .allSatisfy(gap -> assertThat(gap.toNanos() / 1_000).isLessThanOrEqualTo(lab.micros(publishing)));
        assertThat(handled.values())
                .allSatisfy(gap -> assertThat(gap.toNanos() / 1_000).isLessThanOrEqualTo(lab.micros(handling)));
    }
}
