package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Redrive;
import io.oqronkit.pubsub.RedriveResult;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Dead letters go back as told: chosen ones, at a rate, not for ever. */
@ExtendWith(EmbeddedRedisExtension.class)
class RedriveIT {

    private static final TopicSpec<OrderEvent> SPEC = TopicSpec.of("orders", OrderEvent.class);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<Long> handled = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean failing = new AtomicBoolean(true);

    @Test
    void movesWhatIsChosenUpToTheLimitOldestFirst(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC, 20);
        failing.set(false);

        RedriveResult result = orders.admin()
                .redrive(
                        "ledger",
                        Redrive.all().where(dead -> dead.offset() % 2 == 0).limit(5));

        assertThat(result).isEqualTo(new RedriveResult(5, 5, 0));
        awaitFinished(orders, "ledger");
        assertThat(handled).containsExactlyInAnyOrder(2L, 4L, 6L, 8L, 10L);
        assertThat(stats(orders, "ledger").deadLetters()).isEqualTo(15);
    }

    @Test
    void showsTheNewestFirstOnDemand(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC.partitions(2), 10);

        List<Instant> oldestFirst = orders.admin().deadLetters("ledger", 10).stream()
                .map(DeadLetter::at)
                .toList();

        assertThat(orders.admin().newestDeadLetters("ledger", 3))
                .extracting(DeadLetter::at)
                .containsExactly(oldestFirst.get(9), oldestFirst.get(8), oldestFirst.get(7));
    }

    @Test
    void movesEachOnceOverAllPagesAndPartitionsWhileTheyDieAgain(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC.partitions(2), 500);

        assertThat(orders.admin().redrive("ledger", Redrive.all())).isEqualTo(new RedriveResult(500, 0, 0));

        awaitDead(orders, 500);
        assertThat(orders.admin().deadLetters("ledger", 1_000))
                .extracting(DeadLetter::redrives)
                .containsOnly(1);
    }

    @Test
    void parksWhatWasRedrivenAsOftenAsAllowedUnlessAPersonChoosesIt(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(
                redis, SPEC.deadLetter(DeadLetterPolicy.afterRetries(0).maxRedrives(2)), 3);
        MessageId first = orders.admin().deadLetters("ledger", 1).get(0).id();

        for (int times = 1; times <= 2; times++) {
            assertThat(orders.admin().redriveAll("ledger")).isEqualTo(3);
            awaitDead(orders, 3);
        }
        assertThat(orders.admin().redriveAll("ledger")).isZero();
        assertThat(orders.admin().redrive("ledger", Redrive.all())).isEqualTo(new RedriveResult(0, 0, 3));

        assertThat(orders.admin().redrive("ledger", first)).isTrue();
        awaitDead(orders, 3);
        assertThat(orders.admin().deadLetters("ledger", 3))
                .extracting(DeadLetter::redrives)
                .containsExactly(2, 2, 3);
        assertThat(orders.admin().deadLetters("ledger", 3))
                .extracting(DeadLetter::attempts)
                .containsOnly(1);
    }

    @Test
    void countsADeadLetterOfTheFormerFormatAsNeverRedriven(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC, 1);
        var raw = pubSubs.raw(redis);
        Map<String, String> fields = raw.xrange("oq:{orders:0}:d:ledger", io.lettuce.core.Range.unbounded())
                .get(0)
                .getBody();
        fields.remove("n");
        raw.del("oq:{orders:0}:d:ledger");
        raw.xadd("oq:{orders:0}:d:ledger", fields);

        assertThat(orders.admin().deadLetters("ledger", 1).get(0).redrives()).isZero();
        assertThat(orders.admin().redriveAll("ledger")).isEqualTo(1);
        awaitDead(orders, 1);
        assertThat(orders.admin().deadLetters("ledger", 1).get(0).redrives()).isEqualTo(1);
    }

    @Test
    void keepsToTheRate(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC, 40);
        failing.set(false);
        long start = System.nanoTime();

        assertThat(orders.admin().redrive("ledger", Redrive.all().atRate(50)).moved())
                .isEqualTo(40);

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(700), Duration.ofSeconds(5));
    }

    @Test
    void endsAtAnInterruptAndSaysWhatWasDone(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC, 10);
        failing.set(false);
        CompletableFuture<RedriveResult> result = new CompletableFuture<>();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            result.complete(orders.admin().redrive("ledger", Redrive.all().atRate(0.01)));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await().until(() -> handled.size() == 1);

        caller.interrupt();

        await().until(() -> !caller.isAlive());
        assertThat(result.join()).isEqualTo(new RedriveResult(1, 0, 0));
        assertThat(stillInterrupted).isTrue();
        assertThat(stats(orders, "ledger").deadLetters()).isEqualTo(9);
    }

    @Test
    void passesOnWhatThePredicateThrows(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = withDeadLetters(redis, SPEC, 1);

        assertThatThrownBy(() -> orders.admin().redrive("ledger", Redrive.all().where(dead -> {
                    throw new IllegalStateException("cannot say");
                })))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("cannot say");
        assertThat(stats(orders, "ledger").deadLetters()).isEqualTo(1);
    }

    private Topic<OrderEvent> withDeadLetters(EmbeddedRedis redis, TopicSpec<OrderEvent> spec, int count) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(spec);
        orders.subscribe(group("ledger").maxRetries(0).handler(c -> {
            if (failing.get()) {
                throw new IllegalStateException("not yet");
            }
            handled.add(c.offset());
        }));
        List<OrderEvent> events = events(count);
        orders.publishBatch(events);
        awaitDead(orders, count);
        return orders;
    }

    private static void awaitDead(Topic<OrderEvent> orders, int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var ledger = stats(orders, "ledger");
            return ledger.deadLetters() == count && ledger.backlog() == 0;
        });
    }
}
