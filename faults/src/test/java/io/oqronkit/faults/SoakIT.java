package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * G2. Every fault that loses no stored data, at random and under load, for as long as {@code -Dfaults.minutes} says; then
 * all is healed, the groups finish, and the oracle checks every invariant. The tables are in {@code target/faults-G2-*.txt}.
 */
class SoakIT {

    private static final Duration SHORT = Duration.ofSeconds(15);
    private static final String KEYS = "oq:{orders:0}";

    @Test
    void randomFaultsUnderLoadBreakNoGuarantee() throws IOException {
        soak("G2-soak", load());
    }

    @Test
    void randomFaultsUnderLoadBreakNoOrder() throws IOException {
        soak(
                "G2-soak-ordered",
                load().with("mode", "KEY_ORDERED").with("partitions", 3).with("keys", 30));
    }

    private static Settings load() {
        return Settings.none()
                .with("proxy", true)
                .with("rate", 100)
                .with("mix", "poison=1:0,junk=1:0,flaky=5:1,slow=10:100")
                .with("maxRetries", 9)
                .with("publishTimeoutMs", 5_000);
    }

    /**
     * Each has half of the time. The server syncs always: with everysec it holds back what it was told while a slow disk still
     * syncs the second before, up to 2 s, and a SIGKILL takes that with it.
     */
    private static void soak(String name, Settings settings) throws IOException {
        Duration time = Effort.minutes() == 0
                ? SHORT
                : Duration.ofMinutes(Effort.minutes()).dividedBy(2);
        try (Lab lab = Lab.open(name, settings, server -> server.setting("appendfsync", "always"))) {
            lab.start(2, 3);
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                Attack.hold(Duration.ofMillis(500 + lab.random().nextInt(2_000)));
                inflictOne(lab);
            }
            lab.awaitProgress(100, Duration.ofSeconds(30));
            Report report = lab.finish();
            String table = "soak of %s, mode %s, seed %d, Redis %s%n%s"
                    .formatted(time, settings.mode(), Effort.seed(), lab.redis().version(), report.table());
            Files.writeString(Path.of("target", "faults-" + name + ".txt"), table);
            System.out.println(table);
            assertThat(report.violations()).as(table).isEmpty();
        }
    }

    private static void inflictOne(Lab lab) {
        switch (lab.random().nextInt(12)) {
            case 0 -> lab.attack().killRedis(Duration.ofMillis(lab.random().nextInt(3_000)));
            case 1 -> lab.attack().stopRedis(Duration.ofMillis(lab.random().nextInt(4_000)));
            case 2, 3, 4 -> RandomNetworkFault.inflict(lab);
            case 5 -> replace(lab, true);
            case 6 -> replace(lab, false);
            case 7 -> lab.attack().stop(any(lab, lab.liveConsumers()), Duration.ofSeconds(4));
            case 8 -> killPublisher(lab);
            case 9 ->
                lab.harms().during(Harm.Kind.FLUSH_SCRIPTS, Harm.ALL, () -> lab.raw()
                        .scriptFlush());
            case 10 ->
                lab.harms().during(Harm.Kind.DELETE_SCHEDULE, Harm.ALL, () -> lab.raw()
                        .del(KEYS + ":k:billing"));
            default ->
                lab.harms().during(Harm.Kind.DESTROY_GROUP, Harm.ALL, () -> lab.raw()
                        .xgroupDestroy(KEYS + ":s", "billing"));
        }
    }

    private static void replace(Lab lab, boolean kill) {
        Child leaving = any(lab, lab.liveConsumers());
        if (kill) {
            lab.attack().kill(leaving);
        } else {
            lab.attack().term(leaving);
        }
        lab.consumer(Settings.none());
        lab.awaitReady();
    }

    private static void killPublisher(Lab lab) {
        Child leaving =
                any(lab, lab.publishers().stream().filter(Child::isAlive).toList());
        lab.harms().during(Harm.Kind.KILL_PUBLISHER, leaving.name(), leaving::kill);
        lab.publisher(Settings.none());
        lab.awaitReady();
    }

    private static Child any(Lab lab, List<Child> children) {
        return children.get(lab.random().nextInt(children.size()));
    }
}
