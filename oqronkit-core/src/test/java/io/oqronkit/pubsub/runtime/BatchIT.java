package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.BatchFailedException;
import io.oqronkit.pubsub.BatchHandler;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers that take several messages at a time. What is published before they begin is read at once. */
@ExtendWith(EmbeddedRedisExtension.class)
class BatchIT {

    private static final Backoff SOON = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    /** Each batch as offset/attempt of its messages. */
    private final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();

    @Test
    void aBatchIsWhatIsThereAndNobodyWaitsForItToFill(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(5));
        orders.subscribe(spec().batchHandler(recorded(messages -> {})));
        await().untilAsserted(() -> assertThat(batches).containsExactly(List.of("1/1", "2/1", "3/1", "4/1", "5/1")));

        orders.publish(OrderEvent.number(6));

        await().untilAsserted(() -> assertThat(batches).last().isEqualTo(List.of("6/1")));
        awaitFinished(orders, "ledger");
    }

    @Test
    void aBatchIsNoLargerThanItsSize(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(50));
        orders.subscribe(spec().batchSize(7).batchHandler(recorded(messages -> {})));

        awaitFinished(orders, "ledger");
        assertThat(batches.peek()).hasSize(7);
        assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(7));
        assertThat(handled())
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 50)
                        .mapToObj(offset -> offset + "/1")
                        .toList());
    }

    @Test
    void concurrencyIsTheNumberOfBatchesAtATime(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        CyclicBarrier both = new CyclicBarrier(2);
        orders.publishBatch(events(4));

        orders.subscribe(spec().concurrency(2)
                .batchSize(2)
                .batchHandler(recorded(messages -> both.await(20, TimeUnit.SECONDS))));

        awaitFinished(orders, "ledger");
        assertThat(batches).hasSize(2).allSatisfy(batch -> assertThat(batch).hasSize(2));
    }

    @Test
    void whenItThrowsEachMessageFailsOnItsOwnAccount(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(2));
        orders.subscribe(spec().maxRetries(1).batchHandler(recorded(messages -> {
            throw new IllegalStateException("the table is locked");
        })));

        await().until(() -> stats(orders, "ledger").deadLetters() == 2);
        assertThat(batches).first().isEqualTo(List.of("1/1", "2/1"));
        assertThat(handled()).containsExactlyInAnyOrder("1/1", "2/1", "1/2", "2/2");
        assertThat(orders.admin().deadLetters("ledger", 2))
                .extracting(DeadLetter::cause)
                .containsOnly("java.lang.IllegalStateException: the table is locked");
    }

    @Test
    void oneNamedAsFailedFailsThoseBeforeItAreDoneAndThoseBehindComeAgainAsIfNew(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(5));
        orders.subscribe(spec().maxRetries(1).batchHandler(recorded(messages -> {
            for (MessageContext<OrderEvent> message : messages) {
                if (message.offset() == 3) {
                    throw new BatchFailedException(messages.indexOf(message), new IllegalArgumentException("no third"));
                }
            }
        })));

        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        awaitFinished(orders, "ledger");
        assertThat(batches).first().isEqualTo(List.of("1/1", "2/1", "3/1", "4/1", "5/1"));
        assertThat(handled()).containsOnlyOnce("1/1", "2/1", "3/1", "3/2").doesNotContain("4/2", "5/2");
        assertThat(handled().stream().filter("4/1"::equals).count()).isGreaterThan(1);
        assertThat(handled().stream().filter("5/1"::equals).count()).isGreaterThan(1);
        assertThat(orders.admin().deadLetters("ledger", 1)).singleElement().satisfies(dead -> {
            assertThat(dead.offset()).isEqualTo(3);
            assertThat(dead.attempts()).isEqualTo(2);
            assertThat(dead.cause()).isEqualTo("java.lang.IllegalArgumentException: no third");
        });
    }

    @Test
    void aFailureThatIsNotRetriedIsThatOfTheNamedOne(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(2));
        orders.subscribe(spec().noRetryFor(IllegalArgumentException.class).batchHandler(recorded(messages -> {
            if (messages.get(0).offset() == 1) {
                throw new BatchFailedException(0, new IllegalArgumentException("never"));
            }
        })));

        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        awaitFinished(orders, "ledger");
        assertThat(handled()).containsExactly("1/1", "2/1", "2/1");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2})
    void anIndexThatIsNotInTheListFailsThemAll(int index, EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(2));
        orders.subscribe(spec().maxRetries(0).batchHandler(recorded(messages -> {
            throw new BatchFailedException(index, new IllegalStateException("miscounted"));
        })));

        await().until(() -> stats(orders, "ledger").deadLetters() == 2);
        assertThat(handled()).containsExactly("1/1", "2/1");
    }

    @Test
    void manuallyEachIsSettledByItself(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(4));
        orders.subscribe(spec().ackMode(AckMode.MANUAL).maxRetries(1).batchHandler(recorded(messages -> {
            for (MessageContext<OrderEvent> message : messages) {
                switch ((int) message.offset()) {
                    case 1 -> message.ack();
                    case 2 -> message.deadLetter("not for us");
                    case 3 -> message.nack();
                    default -> {
                        // forgotten: a nack
                    }
                }
            }
            throw new IllegalStateException("after all");
        })));

        await().until(() -> stats(orders, "ledger").deadLetters() == 3);
        awaitFinished(orders, "ledger");
        assertThat(handled()).containsExactlyInAnyOrder("1/1", "2/1", "3/1", "4/1", "3/2", "4/2");
        assertThat(orders.admin().deadLetters("ledger", 3))
                .extracting(dead -> dead.offset() + " " + dead.cause())
                .containsExactlyInAnyOrder(
                        "2 not for us", "3 nack by the handler", "4 java.lang.IllegalStateException: after all");
    }

    @Test
    void whatIsNotToBeHandledIsNotInTheBatch(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        orders.publishBatch(events(2));
        pubSub.topic("orders", String.class).publish("not an order");
        orders.publish(OrderEvent.number(4));
        orders.subscribe(spec().filter(event -> event.amount() != 2).batchHandler(recorded(messages -> {})));

        await().untilAsserted(() -> assertThat(batches).containsExactly(List.of("1/1", "4/1")));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 1, 0, 1)));
    }

    /** What the batch took is finished; what it did not take is handed back. */
    @Test
    void closingLetsTheBatchFinish(EmbeddedRedis redis) throws Exception {
        PubSub pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        orders.publishBatch(events(3));
        var subscription = orders.subscribe(spec().batchHandler(recorded(messages -> {
            running.countDown();
            mayEnd.await();
        })));
        running.await();

        Thread closing = new Thread(subscription::close);
        closing.start();
        mayEnd.countDown();
        closing.join();

        assertThat(batches).containsExactly(List.of("1/1", "2/1", "3/1"));
        assertThat(stats(orders, "ledger").backlog()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"KEY_ORDERED", "EXCLUSIVE"})
    void anOrderedGroupHasNoBatches(ConsumerMode mode, EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.subscribe(spec().mode(mode).batchHandler(messages -> {})))
                .withMessageStartingWith("mode must be competing with a batch handler but was "
                        + (mode == ConsumerMode.EXCLUSIVE ? "exclusive" : "key-ordered"));
    }

    private static SubscriptionSpec<OrderEvent> spec() {
        return group("ledger").startFrom(Position.earliest()).backoff(SOON);
    }

    private BatchHandler<OrderEvent> recorded(BatchHandler<OrderEvent> handler) {
        return messages -> {
            batches.add(messages.stream()
                    .map(message -> message.offset() + "/" + message.attempt())
                    .toList());
            handler.handle(messages);
        };
    }

    private List<String> handled() {
        return batches.stream().flatMap(List::stream).toList();
    }
}
