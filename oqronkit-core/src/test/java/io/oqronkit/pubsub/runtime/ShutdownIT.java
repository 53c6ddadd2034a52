package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a deploy does: closing, and pausing. */
@ExtendWith(EmbeddedRedisExtension.class)
class ShutdownIT {

    private static final Duration SOON = Duration.ofMillis(1500);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @Test
    void closingHandsBackWhatWasNotStartedAndWaitsForWhatRuns(EmbeddedRedis redis) {
        PubSub leaving = pubSubs.open(redis);
        Topic<OrderEvent> orders = leaving.topic("orders", OrderEvent.class);
        holdFive(orders);
        Topic<OrderEvent> elsewhere = pubSubs.open(redis).topic("orders", OrderEvent.class);
        elsewhere.subscribe(group("billing").handler(c -> handled.add("other " + c.offset() + "/" + c.attempt())));

        CompletableFuture<Void> closed = CompletableFuture.runAsync(leaving::close);

        await().atMost(SOON).untilAsserted(() -> assertThat(handled)
                .containsExactlyInAnyOrder("other 2/1", "other 3/1", "other 4/1", "other 5/1"));
        assertThat(closed).isNotDone();
        end.countDown();
        await().until(closed::isDone);
        assertThat(stats(elsewhere, "billing")).isEqualTo(figures(0, 0, 0, 0, 0, 1));
        assertThat(handled).hasSize(5).contains("1/1");
    }

    /** A read that is under way when closing begins may still bring messages: they must not wait for the handlers. */
    @Test
    void closingHandsBackWhatTheLastReadBringsToo(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription leaving = orders.subscribe(group("billing").concurrency(2).handler(c -> {
            end.await();
            handled.add(c.offset() + "/" + c.attempt());
        }));
        orders.publish(OrderEvent.number(1));
        await().until(() -> stats(orders, "billing").pending() == 1);

        // not in the common pool, which has one thread here, and Lettuce needs it to connect on Java 25
        CompletableFuture<Void> closed =
                CompletableFuture.runAsync(leaving::close, task -> new Thread(task, "closing").start());
        await().until(() -> leaving.state() == SubscriptionState.CLOSED);
        orders.publishBatch(events(3));
        Topic<OrderEvent> elsewhere = pubSubs.open(redis).topic("orders", OrderEvent.class);
        elsewhere.subscribe(group("billing").handler(c -> handled.add("other " + c.offset() + "/" + c.attempt())));

        await().atMost(SOON).untilAsserted(() -> assertThat(handled)
                .containsExactlyInAnyOrder("other 2/1", "other 3/1", "other 4/1"));
        assertThat(closed).isNotDone();
        end.countDown();
        await().until(closed::isDone);
        assertThat(handled).hasSize(4).contains("1/1");
    }

    @Test
    void closingDeletesTheConsumerNameAndEndsTheThreads(EmbeddedRedis redis) {
        PubSub leaving = pubSubs.open(redis, b -> b.instanceName("shop 1"));
        Topic<OrderEvent> orders = leaving.topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").concurrency(3).handler(c -> handled.add("" + c.offset())));
        orders.publishBatch(events(10));
        awaitFinished(orders, "billing");
        var raw = pubSubs.raw(redis);
        assertThat(raw.xinfoConsumers("oq:{orders:0}:s", "billing").toString()).containsPattern("shop-1-[0-9a-f]{8}");
        assertThat(threadsOf("oqronkit-orders/billing")).isNotEmpty();

        leaving.close();
        leaving.close();

        assertThat(raw.xinfoConsumers("oq:{orders:0}:s", "billing").toString()).doesNotContain("shop-1");
        assertThat(raw.xinfoConsumers("oq:{orders:0}:r:billing", "billing").toString())
                .doesNotContain("shop-1");
        await().untilAsserted(
                        () -> assertThat(threadsOf("oqronkit-orders/billing")).isEmpty());
    }

    @Test
    void closingDoesNotWaitLongerThanTheShutdownTimeoutAndTheMessageIsDeliveredAgain(EmbeddedRedis redis) {
        PubSub leaving = pubSubs.open(redis, b -> b.shutdownTimeout(Duration.ofSeconds(1)));
        Topic<OrderEvent> orders = leaving.topic("orders", OrderEvent.class);
        Subscription stuck = orders.subscribe(group("billing").handler(c -> {
            handled.add("begun");
            Groups.awaitStubbornly(end);
        }));
        orders.publish(OrderEvent.number(1));
        await().until(() -> handled.size() == 1);

        long begun = System.nanoTime();
        stuck.close();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        assertThat(took).isBetween(Duration.ofMillis(990), Duration.ofSeconds(4)); // it waits in whole milliseconds
        assertThat(logs.at(Level.WARN, "orders/billing: handlers still run after"))
                .hasSize(1);
        orders.subscribe(group("billing").handler(c -> handled.add("again, attempt " + c.attempt())));
        await().untilAsserted(() -> assertThat(handled).containsExactly("begun", "again, attempt 2"));
        end.countDown();
    }

    @Test
    void closingComesToAnEndWhileRedisIsGone(EmbeddedRedis redis) {
        PubSub leaving = pubSubs.open(
                redis, b -> b.shutdownTimeout(Duration.ofSeconds(1)).publishTimeout(Duration.ofMillis(100)));
        Topic<OrderEvent> orders = leaving.topic("orders", OrderEvent.class);
        holdFive(orders);
        redis.kill();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(leaving::close);

        await().atMost(Duration.ofSeconds(10)).until(closed::isDone);
        end.countDown();
    }

    @Test
    void closingSendsWhatIsQueuedAndRefusesWhatComesLater(EmbeddedRedis redis) {
        PubSub leaving = pubSubs.open(redis);
        Topic<OrderEvent> orders = leaving.topic("orders", OrderEvent.class);
        List<CompletableFuture<PublishReceipt>> queued =
                events(5000).stream().map(orders::publishAsync).toList();

        leaving.close();

        assertThat(queued).allSatisfy(receipt -> assertThat(receipt).isCompleted());
        assertThat(pubSubs.raw(redis).xlen("oq:{orders:0}:s")).isEqualTo(5000);
        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(1)))
                .withMessage("the message is not stored: topic 'orders' is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> leaving.topic("orders", OrderEvent.class))
                .withMessage("this PubSub is closed");
    }

    @Test
    void whoeverPublishesMeanwhileGetsAReceiptOrAClearRefusal(EmbeddedRedis redis) {
        PubSub leaving = pubSubs.open(redis);
        Load load = Load.on(leaving.topic("orders", OrderEvent.class));
        await().until(() -> load.published().size() > 200);

        leaving.close();
        load.stop();

        assertThat(load.failures()).isNotEmpty().allSatisfy(failure -> assertThat(failure)
                .isInstanceOf(PublishFailedException.class)
                .hasMessage("the message is not stored: topic 'orders' is closed"));
        assertThat(pubSubs.raw(redis).xlen("oq:{orders:0}:s"))
                .isEqualTo(load.published().size());
    }

    @Test
    void aPausedSubscriptionHandsBackWhatWasNotStartedAndTakesNothingUntilItIsResumed(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription subscription = holdFive(orders);

        subscription.pause();
        assertThat(subscription.state()).isEqualTo(SubscriptionState.PAUSED);
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 1, 4, 0, 0, 1)));
        end.countDown();
        await().untilAsserted(() -> assertThat(handled).containsExactly("1/1"));
        orders.publishBatch(events(3));
        await().during(SOON).atMost(SOON.plusSeconds(1)).until(() -> handled.size() == 1);
        assertThat(stats(orders, "billing").backlog()).isEqualTo(7);

        subscription.resume();
        assertThat(subscription.state()).isEqualTo(SubscriptionState.RUNNING);
        awaitFinished(orders, "billing");
        assertThat(handled).hasSize(8).allMatch(line -> line.endsWith("/1"));
    }

    @Test
    void aPausedProcessLeavesTheWorkToTheOthers(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Subscription paused = holdFive(orders);
        Topic<OrderEvent> elsewhere = pubSubs.open(redis).topic("orders", OrderEvent.class);
        elsewhere.subscribe(group("billing").handler(c -> handled.add("other " + c.offset() + "/" + c.attempt())));

        paused.pause();

        await().atMost(SOON).untilAsserted(() -> assertThat(handled)
                .containsExactlyInAnyOrder("other 2/1", "other 3/1", "other 4/1", "other 5/1"));
        end.countDown();
        awaitFinished(orders, "billing");
    }

    /** Guarantee 7: processes come and go while messages stream in; each message is started once, as its first attempt. */
    @Test
    void aRollingDeployUnderLoadLosesNothingRepeatsNothingAndBurnsNoRetry(EmbeddedRedis redis) {
        TopicSpec<OrderEvent> spec = TopicSpec.of("orders", OrderEvent.class).partitions(2);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(spec);
        orders.subscribe(group("billing").handler(c -> {})).close();
        Load load = Load.on(orders);

        Deque<PubSub> running = new ArrayDeque<>();
        for (int process = 0; process < 8; process++) {
            PubSub next = pubSubs.open(redis);
            next.topic(spec).subscribe(group("billing").concurrency(3).handler(c -> {
                LockSupport.parkNanos(500_000);
                handled.add(c.id() + " " + c.attempt());
            }));
            running.add(next);
            int seen = handled.size();
            await().until(() -> handled.size() > seen + 50);
            if (running.size() > 2) {
                running.remove().close();
            }
        }
        load.stop();
        awaitFinished(orders, "billing");

        assertThat(load.failures()).isEmpty();
        assertThat(handled)
                .containsExactlyInAnyOrderElementsOf(
                        load.published().stream().map(id -> id + " 1").toList());
    }

    /** One message in the handler until {@link #end}, four behind it: as many as a process holds ahead at first. */
    private Subscription holdFive(Topic<OrderEvent> orders) {
        Subscription subscription = orders.subscribe(group("billing").handler(c -> {
            end.await();
            handled.add(c.offset() + "/" + c.attempt());
        }));
        orders.publishBatch(events(5));
        await().untilAsserted(() -> assertThat(stats(orders, "billing")).isEqualTo(figures(0, 5, 0, 0, 0, 1)));
        return subscription;
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
