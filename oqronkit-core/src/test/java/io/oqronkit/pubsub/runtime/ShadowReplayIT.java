package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static io.oqronkit.pubsub.runtime.ShadowRuns.SOON;
import static io.oqronkit.pubsub.runtime.ShadowRuns.assertNothingIsLeft;
import static io.oqronkit.pubsub.runtime.ShadowRuns.ended;
import static io.oqronkit.pubsub.runtime.ShadowRuns.orders;
import static io.oqronkit.pubsub.runtime.ShadowRuns.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplayProgress;
import io.oqronkit.pubsub.ShadowReplayProgress.Failure;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A range of messages, handled beside the groups. */
@ExtendWith(EmbeddedRedisExtension.class)
class ShadowReplayIT {

    private static final Backoff AT_ONCE = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);
    private static final Backoff AN_HOUR = Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines log = new LogLines();

    private final Queue<MessageId> handled = new ConcurrentLinkedQueue<>();

    @Test
    void handlesExactlyItsRangeAndLeavesNothingBehind(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        Queue<Boolean> replayed = new ConcurrentLinkedQueue<>();
        orders.publishBatch(events(1_000));

        ShadowReplay run = orders.shadowReplay(ShadowReplaySpec.<OrderEvent>from(Position.offset(421))
                .to(Position.offset(801))
                .concurrency(4)
                .handler(ctx -> {
                    replayed.add(ctx.isReplayed());
                    handled.add(ctx.id());
                }));
        orders.publishBatch(events(1_000));

        assertThat(run.await(SOON)).isTrue();
        assertThat(handled.stream().map(MessageId::offset))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(421, 800).boxed().toList());
        assertThat(replayed).containsOnly(true);
        assertThat(run.progress())
                .extracting(ShadowReplayProgress::total, ShadowReplayProgress::handled, ShadowReplayProgress::remaining)
                .containsExactly(380L, 380L, 0L);
        assertThat(run.progress().done()).isTrue();
        assertThat(run.name()).matches("__shadow-[0-9a-f]{8}");
        assertNothingIsLeft(pubSubs, redis);
    }

    /** Position, pending, parked and dead messages of a group at rest; every message of one at work. */
    @Test
    void leavesGroupsUntouchedWhileTrafficGoesOn(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        Queue<String> live = new ConcurrentLinkedQueue<>();
        var ledger = orders.subscribe(group("ledger").backoff(AN_HOUR).handler(ctx -> {
            if (ctx.offset() == 2) {
                ctx.deadLetter("never");
            }
            if (ctx.offset() == 3) {
                throw new IllegalStateException("in an hour");
            }
        }));
        orders.subscribe(group("billing").startFrom(Position.earliest()).handler(ctx -> {
            live.add(ctx.offset() + "/" + ctx.attempt() + "/" + ctx.isReplayed());
        }));
        orders.publishBatch(events(500));
        await().until(() -> stats(orders, "ledger").backlog() == 1);
        ledger.close();
        List<Object> before = of("ledger", redis);
        assertThat(before.toString()).contains("-500", "-3");
        Load load = Load.on(orders);

        ShadowReplay run =
                orders.shadowReplay(spec(Position.earliest()).maxRetries(0).handler(ctx -> {
                    handled.add(ctx.id());
                    if (ctx.offset() % 10 == 0) {
                        throw new IllegalStateException("only here");
                    }
                }));

        assertThat(run.await(SOON)).isTrue();
        load.stop();
        assertThat(handled).hasSizeGreaterThanOrEqualTo(500);
        assertThat(of("ledger", redis)).isEqualTo(before);
        awaitFinished(orders, "billing");
        assertThat(live)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 500 + load.published().size())
                                .mapToObj(offset -> offset + "/1/false")
                                .toList());
        assertThat(stats(orders, "billing").deadLetters()).isZero();
        assertNothingIsLeft(pubSubs, redis);
    }

    @Test
    void keepsToItsRate(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 2);
        Queue<Long> at = new ConcurrentLinkedQueue<>();
        orders.publishBatch(events(50));

        ShadowReplay run = orders.shadowReplay(
                spec(Position.earliest()).rate(50).concurrency(8).handler(ctx -> at.add(System.nanoTime())));

        assertThat(run.await(SOON)).isTrue();
        List<Long> times = at.stream().sorted().toList();
        assertThat(times).hasSize(50);
        assertThat(Duration.ofNanos(times.get(49) - times.get(0))).isGreaterThan(Duration.ofMillis(800));
        assertThat(Duration.ofNanos(times.get(24) - times.get(0))).isGreaterThan(Duration.ofMillis(350));
    }

    @Test
    void aDryRunCountsWhatARealRunHandles(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 3);
        orders.publishBatch(events(100));
        ShadowReplaySpec<OrderEvent> spec =
                spec(Position.offset(5)).filter(event -> event.amount() > 40).handler(ctx -> handled.add(ctx.id()));

        ShadowReplayProgress dry = ended(orders.shadowReplay(spec.dryRun()));
        assertThat(handled).isEmpty();
        ShadowReplayProgress real = ended(orders.shadowReplay(spec));

        assertThat(dry.total()).isEqualTo(real.total()).isEqualTo(88);
        assertThat(dry.handled())
                .isEqualTo(real.handled())
                .isEqualTo(handled.size())
                .isEqualTo(60);
        assertThat(dry.filtered()).isEqualTo(real.filtered()).isEqualTo(28);
        assertThat(dry.handledByPartition()).isEqualTo(real.handledByPartition());
        assertThat(dry.handledByPartition()).containsOnlyKeys(0, 1, 2);
        assertNothingIsLeft(pubSubs, redis);
    }

    @Test
    void countsMessagesThatFailAndSaysWhy(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        orders.publishBatch(events(36));

        ShadowReplayProgress progress = ended(orders.shadowReplay(spec(Position.earliest())
                .concurrency(2)
                .maxRetries(2)
                .backoff(AT_ONCE)
                .handler(ctx -> {
                    handled.add(ctx.id());
                    if (ctx.offset() % 3 == 0) {
                        throw new IllegalStateException("no " + ctx.offset());
                    }
                })));

        assertThat(progress.handled()).isEqualTo(24);
        assertThat(progress.failed()).isEqualTo(12);
        assertThat(progress.remaining()).isZero();
        assertThat(handled).hasSize(24 + 12 * 3);
        assertThat(progress.failures()).hasSize(10);
        assertThat(progress.failures().stream().map(Failure::cause))
                .allMatch(cause -> cause.startsWith("java.lang.IllegalStateException: no "));
        assertThat(log.at(Level.WARN, "gives up")).hasSize(12);
        assertThat(pubSubs.raw(redis).keys("*:d:*")).isEmpty();
        assertNothingIsLeft(pubSubs, redis);
    }

    @Test
    void isVisibleToOtherProcessesButNotAsAGroup(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);
        Topic<OrderEvent> elsewhere = orders(pubSubs, redis, 1);
        CountDownLatch end = new CountDownLatch(1);
        orders.publishBatch(events(20));
        ShadowReplay run = orders.shadowReplay(spec(Position.earliest())
                .to(Position.offset(16))
                .maxRetries(1)
                .backoff(AN_HOUR)
                .handler(ctx -> {
                    if (ctx.offset() == 1) {
                        throw new IllegalStateException("in an hour");
                    }
                    if (ctx.offset() == 2) {
                        ctx.deadLetter("never");
                        return;
                    }
                    end.await();
                }));

        await().untilAsserted(() -> assertThat(elsewhere.admin().stats().shadowReplays())
                .hasEntrySatisfying(run.name(), figures -> {
                    assertThat(figures.parked()).isEqualTo(1);
                    assertThat(figures.pending()).isPositive();
                    assertThat(figures.failed()).isEqualTo(1);
                    assertThat(figures.remaining()).isEqualTo(14);
                }));
        assertThat(pubSubs.raw(redis).keys("*:d:*")).isEmpty();
        assertThat(elsewhere.admin().stats().groups()).isEmpty();
        assertThat(elsewhere.admin().delivery(new MessageId(0, java.time.Instant.EPOCH, 1)))
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> elsewhere.admin().pause(run.name()));
        end.countDown();
        await().until(() -> run.progress().remaining() == 1);
        assertThat(run.progress().done()).isFalse();
        run.close();
        assertThat(elsewhere.admin().stats().shadowReplays()).isEmpty();
    }

    @Test
    void needsAHandler(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = orders(pubSubs, redis, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.shadowReplay(spec(Position.earliest())))
                .withMessageMatching("handler of group '__shadow-[0-9a-f]{8}' must not be null");
        assertThatIllegalArgumentException().isThrownBy(() -> orders.shadowReplay(null));
    }

    /** All that Redis knows of a group at rest. */
    private List<Object> of(String group, EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        String base = "oq:{orders:0}:";
        return List.of(
                raw.xinfoGroups(base + "s").stream()
                        .map(Object::toString)
                        .filter(one -> one.contains(group))
                        .map(one -> one.replaceAll("lag, \\w+", ""))
                        .toList()
                        .toString(),
                raw.xpending(base + "s", group).toString(),
                raw.zrangeWithScores(base + "k:" + group, 0, -1).toString(),
                raw.xrange(base + "d:" + group, io.lettuce.core.Range.unbounded())
                        .toString());
    }
}
