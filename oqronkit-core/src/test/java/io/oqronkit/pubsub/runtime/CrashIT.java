package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.runtime.ConsumerProcess.Settings;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Consumers that are killed or frozen in the middle of their work. */
@ExtendWith(EmbeddedRedisExtension.class)
class CrashIT {

    private static final Duration ACK_DEADLINE = Duration.ofSeconds(4);
    private static final Duration START_OF_A_JVM = Duration.ofSeconds(30);

    /** The killed process may have renewed a moment before, and the others look four times within a deadline. */
    private static final Duration TAKEN_OVER = ACK_DEADLINE.multipliedBy(3).dividedBy(2);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @TempDir
    Path folder;

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @Test
    void whatAKilledProcessHeldIsHandledByAnotherWithinOneAndAHalfAckDeadlines(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> {})).close();
        try (ConsumerProcess crashing = ConsumerProcess.start(redis, folder.resolve("ledger"), 4, ACK_DEADLINE)) {
            await().atMost(START_OF_A_JVM).until(() -> stats(orders, "billing").consumers() == 1);
            orders.publishBatch(events(20));
            orders.publishBatch(List.of(waiting(), waiting(), waiting(), waiting()));
            orders.publishBatch(events(6));
            await().until(() -> ended(crashing).size() == 20 && begun(crashing).size() == 24);
            await().until(() -> stats(orders, "billing").lag() == 0);
            orders.subscribe(group("billing")
                    .concurrency(4)
                    .ackDeadline(ACK_DEADLINE)
                    .handler(c -> handled.add(c.offset() + "/" + c.attempt())));

            crashing.kill();

            await().atMost(TAKEN_OVER).until(() -> handled.size() == 10);
            awaitFinished(orders, "billing");
            Set<String> offsets = Stream.concat(ended(crashing).stream(), handled.stream())
                    .map(line -> line.split("/")[0])
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(offsets).hasSize(30);
            assertThat(handled).hasSize(10).allMatch(line -> line.endsWith("/2"));
            assertThat(orders.admin().deadLetters("billing", 10)).isEmpty();
        }
    }

    /**
     * What the renewal of ack deadlines is good for: a process that cannot renew loses its message to another one. When
     * it wakes up, its late word changes nothing.
     */
    @Test
    void whatAFrozenProcessHeldIsHandledByAnotherAndItsLateFailureIsIgnored(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> {})).close();
        try (ConsumerProcess frozen = ConsumerProcess.start(redis, folder.resolve("ledger"), 1, ACK_DEADLINE)) {
            await().atMost(START_OF_A_JVM).until(() -> stats(orders, "billing").consumers() == 1);
            orders.publish(waiting());
            await().until(() -> begun(frozen).size() == 1);
            CountDownLatch end = new CountDownLatch(1);
            orders.subscribe(group("billing").ackDeadline(ACK_DEADLINE).handler(c -> {
                handled.add(c.offset() + "/" + c.attempt());
                end.await();
            }));

            frozen.freeze();
            await().atMost(TAKEN_OVER).untilAsserted(() -> assertThat(handled).containsExactly("1/2"));
            frozen.goOn();
            frozen.thaw();
            await().until(() -> ended(frozen).equals(List.of("1/1")));

            await().during(Duration.ofSeconds(1))
                    .until(() -> stats(orders, "billing").equals(figures(0, 1, 0, 0, 0, 2)));
            end.countDown();
            awaitFinished(orders, "billing");
            assertThat(handled).containsExactly("1/2");
            assertThat(orders.admin().deadLetters("billing", 10)).isEmpty();
        }
    }

    /** R#22: what it held was given up by another process meanwhile; it is not given up twice. */
    @Test
    void aProcessFrozenForTwoAckDeadlinesCannotDeadLetterWhatAnotherHasDeadLettered(EmbeddedRedis redis)
            throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Duration deadline = Groups.ACK_DEADLINE;
        orders.subscribe(group("billing").handler(c -> {})).close();
        try (ConsumerProcess frozen = ConsumerProcess.start(
                redis, folder.resolve("ledger"), new Settings(1, deadline, ConsumerMode.COMPETING, 0))) {
            await().atMost(START_OF_A_JVM).until(() -> stats(orders, "billing").consumers() == 1);
            orders.publish(waiting());
            await().until(() -> begun(frozen).size() == 1);
            orders.subscribe(group("billing").maxRetries(0).handler(c -> handled.add(c.offset() + "/" + c.attempt())));

            frozen.freeze();
            await().during(deadline.multipliedBy(2))
                    .until(() -> isDeadLetteredOnce(orders)
                            || stats(orders, "billing").deadLetters() == 0);
            await().until(() -> isDeadLetteredOnce(orders));
            frozen.goOn();
            frozen.thaw();
            await().until(() -> ended(frozen).equals(List.of("1/1"))); // and then it throws, on its last attempt

            await().during(Duration.ofSeconds(1)).until(() -> isDeadLetteredOnce(orders));
            assertThat(handled).isEmpty();
        }
    }

    private static boolean isDeadLetteredOnce(Topic<OrderEvent> orders) {
        return stats(orders, "billing").equals(figures(0, 0, 0, 1, 0, 2));
    }

    /** R#20: it does not take down one process after the other for ever, and it is not run to find that out. */
    @Test
    void aMessageThatKillsItsProcessEndsInDeadLetters(EmbeddedRedis redis) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Duration deadline = Groups.ACK_DEADLINE;
        orders.subscribe(group("billing").handler(c -> {})).close();
        orders.publish(new OrderEvent("order.created", "halt", 1));
        try (ConsumerProcess first = ConsumerProcess.start(redis, folder.resolve("1"), 1, deadline)) {
            await().atMost(START_OF_A_JVM).until(() -> !first.isAlive());
            assertThat(first.ledger()).containsExactly("begin 1/1");
        }

        Subscription subscription = orders.subscribe(
                group("billing").maxRetries(0).handler(c -> handled.add(c.offset() + "/" + c.attempt())));

        await().until(() -> stats(orders, "billing").deadLetters() == 1);
        subscription.close();
        assertThat(handled).isEmpty();
        assertThat(orders.admin().deadLetters("billing", 1).get(0).cause())
                .isEqualTo("attempts used up: the last one ended without a result (crash, stall or lost deadline)");
    }

    private static OrderEvent waiting() {
        return new OrderEvent("order.created", "wait", 1);
    }

    private static List<String> begun(ConsumerProcess process) {
        return lines(process, "begin ");
    }

    private static List<String> ended(ConsumerProcess process) {
        return lines(process, "end ");
    }

    private static List<String> lines(ConsumerProcess process, String kind) {
        return process.ledger().stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .toList();
    }
}
