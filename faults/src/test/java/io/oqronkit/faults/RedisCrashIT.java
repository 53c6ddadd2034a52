package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A1, A3 and Redis away for longer: the server dies, freezes, or stays away under load. */
class RedisCrashIT {

    private static final Duration GOING_ON = Duration.ofSeconds(3);

    /** A1. A kill alone loses nothing that was acknowledged, whatever the append-only file is synced by. */
    @ParameterizedTest
    @ValueSource(strings = {"always", "everysec"})
    void killedServersLoseNothing(String appendfsync) {
        Settings settings = Settings.none().with("rate", 300).with("mix", "poison=2:0,flaky=5:1");
        try (Lab lab = Lab.open(
                "A1-kill-redis-" + appendfsync, settings, server -> server.setting("appendfsync", appendfsync))) {
            lab.start(2, Effort.times(2, 3));
            for (int i = 0; i < Effort.times(2, 5); i++) {
                lab.awaitProgress(300, Duration.ofSeconds(20));
                lab.attack().killRedis(Duration.ofMillis(lab.random().nextInt(500)));
                lab.awaitProgress(1, GOING_ON);
            }
            lab.finishUnharmed();
        }
    }

    /** A3. A frozen server hangs up on nobody: clients notice by answers that do not come, and do not storm it. */
    @Test
    void aFrozenServerIsLeftInPeaceAndUsedAgainAtOnce() {
        Settings settings = Settings.none().with("rate", 200).with("mix", "slow=20:20");
        try (Lab lab = Lab.open("A3-freeze-redis", settings)) {
            lab.start(1, 2);
            lab.awaitProgress(200, Duration.ofSeconds(20));
            Duration frozen = Effort.seconds(5, 30);
            long before = connections(lab);
            lab.attack().stopRedis(frozen);
            lab.awaitProgress(1, Duration.ofSeconds(2));

            long links = 5 + 2 * 4; // the lab and the publisher have 2 each and one of our own, each consumer 4
            assertThat(connections(lab) - before)
                    .as("connections made in %s by %d that were open", frozen, links)
                    .isLessThanOrEqualTo(2 * frozen.toSeconds() * links);
            lab.finishUnharmed();
        }
    }

    private static long connections(Lab lab) {
        return lab.raw()
                .info("stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line -> Long.parseLong(line.split(":")[1].trim()))
                .sum();
    }

    /** Redis is away for long at a high rate: memory stays bounded, callers hear clearly, and all goes on afterwards. */
    @Test
    void anOutageUnderLoadFailsClearlyAndInBoundedMemory() {
        Settings settings = Settings.none()
                .with("rate", 2_000)
                .with("padding", 1_000)
                .with("groups", "billing")
                .with("publishTimeoutMs", 5_000);
        try (Lab lab = Lab.open("A4-outage", settings, server -> server.setting("appendfsync", "always"))) {
            lab.start(1, 2);
            Child publisher = lab.publishers().get(0);
            lab.awaitProgress(4_000, Duration.ofSeconds(20));
            lab.attack().killRedis(Effort.seconds(10, 60));
            lab.awaitProgress(1_000, Duration.ofSeconds(10));

            assertThat(publisher.isAlive()).as("128 MB of heap are enough").isTrue();
            Report report = lab.finishUnharmed();
            assertThat(report.figure("  failed for certain")).isGreaterThan(1_000);
            assertThat(report.figure("  outcome unknown"))
                    .as("only what was under way when the connection broke")
                    .isLessThanOrEqualTo(1_024);
        }
    }
}
