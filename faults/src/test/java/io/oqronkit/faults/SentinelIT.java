package io.oqronkit.faults;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Settings;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * B1 to B3: a master that Sentinels watch dies, freezes, or dies while its replicas lag. Two replicas, so that one is left to
 * confirm what is published after the failover.
 */
class SentinelIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration FAILOVER = Duration.ofSeconds(20);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(6);
    private static final Duration LAG = Duration.ofSeconds(2);

    /** B1. The killed one comes back as a master that nobody is sent to, until the Sentinels make it a replica. */
    @Test
    void aMasterThatDiesLosesNothingAndPublishingGoesOnWithinSixSeconds() {
        try (EmbeddedSentinel redis = EmbeddedSentinel.builder().replicas(2).start();
                Lab lab = Lab.open("B1-kill-master", confirmed().with("mix", "flaky=5:1"), redis)) {
            lab.start(1, 2);
            for (int i = 0; i < Effort.times(1, 3); i++) {
                lab.awaitProgress(300, SOON);
                EmbeddedRedis dead = redis.master();
                lab.harms().during(Harm.Kind.KILL_REDIS, Harm.ALL, () -> {
                    dead.kill();
                    awaitFailover(redis, dead);
                });
                lab.awaitProgress(100, SOON);
                dead.restart();
                lab.awaitProgress(100, SOON);
            }
            Report report = lab.finishUnharmed();
            assertThat(report.figure("  acknowledged")).isEqualTo(report.figure("messages sent"));
            assertGap(lab);
        }
    }

    /**
     * B2. Its clients leave it while it is frozen. Those that do not ask the Sentinels come back to it when it goes on, and it takes
     * what they publish until it is made a replica: that is lost, so it must not have been confirmed.
     */
    @Test
    void aMasterThatFreezesLosesOnlyWhatClientsThatStayWithItDoNotHaveConfirmed() {
        try (EmbeddedSentinel redis = EmbeddedSentinel.builder().replicas(2).start();
                Lab lab = Lab.open("B2-freeze-master", confirmed().with("mode", "EXCLUSIVE"), redis)) {
            lab.start(1, 2);
            EmbeddedRedis master = redis.master();
            Settings stays = Settings.none().with("uri", GuideUsers.app(master)).with("publishTimeoutMs", 3_000);
            Child confirmed = lab.publisher(stays);
            Child unconfirmed = lab.publisher(stays.with("replicas", 0));
            lab.awaitReady();
            lab.awaitProgress(300, SOON);
            freeze(lab, redis, Effort.seconds(6, 15));
            long alone = unconfirmed.count("acked");
            await().atMost(SOON).until(() -> unconfirmed.count("acked") > alone + 300);

            Report report = lab.finish();
            assertThat(report.of("I1")).isNotEmpty();
            assertThat(report.violations())
                    .allMatch(violation -> violation.invariant().equals("I1"));
            assertThat(lost(lab, unconfirmed)).hasSizeGreaterThan(300);
            assertThat(lost(lab, confirmed)).isEmpty();
            assertThat(lost(lab, lab.publishers().get(0))).isEmpty();
            assertGap(lab);
        }
    }

    /** B3. One group is away, so that what is gone is gone for it; the consumers of the other had seen more than there is now. */
    @Test
    void aMasterThatDiesWhileItsReplicasLagLosesOnlyWhatWasNotConfirmedAndConsumersTellIt() {
        try (EmbeddedSentinel redis = EmbeddedSentinel.builder()
                        .replicas(2)
                        .failoverTimeout(Duration.ofMinutes(1)) // until then they may follow the proxy
                        .start();
                Lab lab = Lab.open("B3-replicas-lag", confirmed(), redis)) {
            EmbeddedRedis master = redis.master();
            redis.replicas()
                    .forEach(replica ->
                            follow(replica, RedisURI.create(lab.proxy().uri())));
            await().atMost(SOON).until(() -> lab.raw().waitForReplication(2, 100) == 2);
            lab.consumer(Settings.none().with("groups", "billing"));
            Child confirmed = lab.publisher(Settings.none());
            Child unconfirmed = lab.publisher(Settings.none().with("replicas", 0));
            lab.awaitReady();
            lab.awaitProgress(200, SOON);
            lab.proxy().stall(true);
            lab.harms().during(Harm.Kind.STALL_NETWORK, Harm.ALL, () -> Attack.hold(LAG));
            lab.harms().during(Harm.Kind.KILL_REDIS, Harm.ALL, () -> {
                master.kill();
                awaitFailover(redis, master);
            });
            lab.awaitProgress(100, SOON);
            lab.consumer(Settings.none());
            lab.awaitReady();

            assertThat(lab.finish().of("I1")).isNotEmpty();
            assertThat(lost(lab, unconfirmed)).isNotEmpty();
            assertThat(lost(lab, confirmed)).isEmpty();
            assertThat(rewinds(lab)).isPositive();
        }
    }

    private static Settings confirmed() {
        return Settings.none().with("rate", 200).with("replicas", 1).with("publishTimeoutMs", 20_000);
    }

    /** At least for this time, and until it is deposed. */
    private static void freeze(Lab lab, EmbeddedSentinel redis, Duration time) {
        EmbeddedRedis master = redis.master();
        lab.harms().during(Harm.Kind.STOP_REDIS, Harm.ALL, () -> {
            master.pause();
            long until = System.nanoTime() + time.toNanos();
            awaitFailover(redis, master);
            Attack.hold(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            master.resume();
        });
    }

    /** What this publisher had acknowledged and some group never completed. */
    private static List<String> lost(Lab lab, Child publisher) {
        Map<String, Set<String>> completed = lab.handlings().stream()
                .filter(Handling::completed)
                .collect(groupingBy(Handling::group, mapping(Handling::task, toSet())));
        return Ledger.read(publisher.ledger()).stream()
                .filter(line -> line.kind().equals("acked"))
                .map(line -> line.field(0))
                .filter(task -> !completed.values().stream().allMatch(tasks -> tasks.contains(task)))
                .toList();
    }

    private static void follow(EmbeddedRedis replica, RedisURI master) {
        try (RedisClient client = RedisClient.create(replica.uri())) {
            RedisCommands<String, String> commands = client.connect().sync();
            commands.replicaof(master.getHost(), master.getPort());
        }
    }

    private static void awaitFailover(EmbeddedSentinel redis, EmbeddedRedis deposed) {
        await().atMost(FAILOVER).ignoreExceptions().until(() -> redis.master() != deposed);
    }

    private static long rewinds(Lab lab) {
        return lab.consumers().stream()
                .flatMap(child -> Ledger.read(child.ledger()).stream())
                .filter(line -> line.kind().equals("event") && line.field(0).startsWith("HistoryRewound"))
                .count();
    }

    private static void assertGap(Lab lab) {
        long gap = longestGapMicros(lab.publishers().get(0));
        System.out.printf("longest time without a publish: %d ms%n", gap / 1_000);
        assertThat(gap).isLessThanOrEqualTo(lab.micros(LONGEST_GAP));
    }

    private static long longestGapMicros(Child publisher) {
        long[] at = Ledger.read(publisher.ledger()).stream()
                .filter(line -> line.kind().equals("acked"))
                .mapToLong(Ledger.Line::at)
                .toArray();
        long longest = 0;
        for (int i = 1; i < at.length; i++) {
            longest = Math.max(longest, at[i] - at[i - 1]);
        }
        return longest;
    }
}
