package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.PublishSteps;
import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A failed publish says what it knows, and nothing is stored twice. */
@ExtendWith(EmbeddedRedisExtension.class)
class PublishFailureIT {

    private static final String STREAM = "oq:{orders:0}:s";

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    @Test
    void badArgumentsAreNamedAndNothingIsStored(EmbeddedRedis redis) {
        var pubSub = pubSubs.open(redis);
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        Topic<String> texts = pubSub.topic("orders", String.class);
        List<OrderEvent> withNull = Arrays.asList(OrderEvent.number(1), null, OrderEvent.number(3));
        List<OutgoingMessage<OrderEvent>> messagesWithNull =
                Arrays.asList(OutgoingMessage.of(OrderEvent.number(1)), null);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.publish((OrderEvent) null))
                .withMessage("payload must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.publish((OutgoingMessage<OrderEvent>) null))
                .withMessage("message must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.publishAsync((OrderEvent) null))
                .withMessage("payload must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.publishBatch(withNull))
                .withMessage("payloads[1] must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.publishMessages(messagesWithNull))
                .withMessage("messages[1] must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> texts.publish("x".repeat(1024 * 1024 - 1)))
                .withMessage("payload for topic 'orders' must have at most 1048576 bytes but has 1048577");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> texts.publishBatch(List.of("x", "x".repeat(1024 * 1024))))
                .withMessage("payload for topic 'orders' must have at most 1048576 bytes but has 1048578");

        assertThat(orders.publishBatch(List.of())).isEmpty();
        assertThat(pubSubs.raw(redis).exists(STREAM)).isZero();
        assertThat(texts.publish("x".repeat(1024 * 1024 - 2)).offset()).isEqualTo(1);
    }

    @Test
    void withoutRedisAPublishFailsInTimeAndIsCertainlyNotStored(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(1)))
                .topic("orders", OrderEvent.class);
        orders.publish(OrderEvent.number(1));
        redis.kill();
        await().until(() -> logs.at(Level.WARN, "Redis is not reachable").size() == 1);

        long begun = System.nanoTime();
        Throwable failure = catchThrowable(() -> orders.publish(OrderEvent.number(2)));
        CompletableFuture<PublishReceipt> async = orders.publishAsync(OrderEvent.number(3));

        assertThat(failure)
                .isInstanceOf(PublishFailedException.class)
                .hasMessage("the message is not stored: not connected to Redis");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
        await().atMost(Duration.ofSeconds(6)).until(async::isDone);
        assertThat(async)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(PublishFailedException.class);
        redis.restart();
        await().until(() -> logs.at(Level.INFO, "Redis is reachable again").size() == 1);
        assertThat(orders.publish(OrderEvent.number(4)).offset()).isEqualTo(2);
    }

    @Test
    void aPublishUnderWayWhenRedisDiesEndsInTimeWithOneOfTheTwoAnswers(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(1)))
                .topic("orders", OrderEvent.class);
        orders.publish(OrderEvent.number(1));
        redis.kill();

        long begun = System.nanoTime();
        assertThat(catchThrowable(() -> orders.publish(OrderEvent.number(2))))
                .isInstanceOfAny(PublishFailedException.class, PublishOutcomeUnknownException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
    }

    /** The server reads the batch once it goes on, maybe more than once; it is stored once. */
    @Test
    void aFrozenRedisLeavesTheOutcomeOpenAndStoresTheMessageOnce(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(1)))
                .topic("orders", OrderEvent.class);
        orders.publish(OrderEvent.number(1)); // from here on the server knows the script
        redis.pause();

        long begun = System.nanoTime();
        assertThatExceptionOfType(PublishOutcomeUnknownException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(2)))
                .withMessage("the message may be stored or not: no answer from Redis within 2000 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
        redis.resume();

        assertThat(orders.publish(OrderEvent.number(3)).offset()).isEqualTo(3);
        assertThat(pubSubs.raw(redis).xlen(STREAM)).isEqualTo(3);
    }

    /** Long enough for a second attempt over a second connection: the first one had been read by the server, too. */
    @Test
    void aBatchSentAgainAfterAFreezeIsStoredOnce(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(30)))
                .topic("orders", OrderEvent.class);
        redis.pause();
        List<CompletableFuture<PublishReceipt>> receipts =
                events(1000).stream().map(orders::publishAsync).toList();
        await().until(() -> logs.at(Level.WARN, "Redis is not reachable").size() == 1);
        redis.resume();

        await().until(() -> receipts.stream().allMatch(CompletableFuture::isDone));
        assertThat(receipts.stream().map(r -> r.join().offset()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 1000).mapToObj(Long::valueOf).toList());
        assertThat(pubSubs.raw(redis).xlen(STREAM)).isEqualTo(1000);
    }

    @Test
    void aFullQueueFailsAsyncPublishesAtOnceAndDrainsWhenRedisGoesOn(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        redis.pause();
        List<CompletableFuture<PublishReceipt>> queued = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            queued.add(orders.publishAsync(OrderEvent.number(i)));
        }

        CompletableFuture<PublishReceipt> tooMany = orders.publishAsync(OrderEvent.number(10_001));
        assertThat(tooMany)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishFailedException.class)
                .withMessage("the message is not stored: 10000 messages of topic 'orders' already wait to be sent");
        redis.resume();

        await().until(() -> queued.stream().allMatch(CompletableFuture::isDone));
        assertThat(queued).allSatisfy(receipt -> assertThat(receipt).isCompleted());
        assertThat(pubSubs.raw(redis).xlen(STREAM)).isEqualTo(10_000);
        assertThat(orders.publish(OrderEvent.number(10_001)).offset()).isEqualTo(10_001);
    }

    @Test
    void aPublishWaitsForRoomInTheQueueUpToItsTimeout(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(1)))
                .topic("orders", OrderEvent.class);
        redis.pause();
        events(10_000).forEach(orders::publishAsync);

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publish(OrderEvent.number(1)))
                .withMessage("the message is not stored: 10000 messages of topic 'orders' already wait to be sent");
        redis.resume();
    }

    /** Sooner than the batch before it is given up, after 2 s. */
    @Test
    void whatIsNotSentInTimeIsCertainlyNotStored(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofMillis(100)))
                .topic("orders", OrderEvent.class);
        orders.publish(OrderEvent.number(1));
        redis.pause();
        CompletableFuture<PublishReceipt> sent = orders.publishAsync(OrderEvent.number(2));
        CompletableFuture<PublishReceipt> unsent = orders.publishAsync(OrderEvent.number(3));

        await().until(unsent::isDone);
        assertThat(sent).isNotDone();
        assertThat(unsent)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(PublishFailedException.class)
                .withMessage("the message is not stored: no answer from Redis in time");
        redis.resume();
        assertThat(orders.publish(OrderEvent.number(4)).offset()).isEqualTo(3);
    }

    @Test
    void aPublishOnTheThreadOfTheCallbacksHearsOfItsFailure(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(1)))
                .topic("orders", OrderEvent.class);
        redis.pause(); // until it is said what comes next
        CompletableFuture<PublishReceipt> second = orders.publishAsync(OrderEvent.number(1))
                .thenApply(first -> {
                    redis.kill();
                    return orders.publish(OrderEvent.number(2));
                });
        redis.resume();

        await().until(second::isDone);
        assertThat(second)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfAny(PublishFailedException.class, PublishOutcomeUnknownException.class)
                .withMessageContaining("Redis");
    }

    /** Partition 1 refuses, partition 0 does not: "certainly not stored" would be a lie, and a retry would store twice. */
    @Test
    void aBatchThatIsStoredInPartIsNotReportedAsNotStored(EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(2));
        raw.set("oq:{orders:1}:s", "not a stream");

        Throwable failure = catchThrowable(() -> orders.publishBatch(events(10)));

        assertThat(raw.xlen(STREAM)).isEqualTo(5);
        assertThat(failure)
                .isInstanceOf(PublishOutcomeUnknownException.class)
                .hasMessage("5 of 10 messages are stored; of the others: the message is not stored:"
                        + " WRONGTYPE Operation against a key holding the wrong kind of value");
    }

    @Test
    void aBatchNoPartitionTakesIsCertainlyNotStored(EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(2));
        raw.set("oq:{orders:0}:s", "not a stream");
        raw.set("oq:{orders:1}:s", "not a stream");

        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() -> orders.publishBatch(events(10)))
                .withMessageContaining("WRONGTYPE");
        raw.del("oq:{orders:0}:s", "oq:{orders:1}:s");
        assertThat(orders.publishBatch(events(10)).stream().map(PublishReceipt::offset))
                .containsExactly(1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L, 5L, 5L);
    }

    @Test
    void aBatchSentAgainUnderItsSequenceStoresNothing(EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        PublishSteps steps = new PublishSteps(
                new RedisLinks(pubSubs.client(GuideUsers.app(redis)), event -> {}).commands(),
                new PartitionKeys("oq", "orders", 0),
                "producer-1",
                Duration.ofHours(1),
                OptionalLong::empty,
                due -> {});
        List<EncodedMessage> batch = List.of(encoded("a"), encoded("b"), encoded("c"));

        var first = steps.append(1, 0, batch).join();
        var again = steps.append(1, 0, batch).join();
        var next = steps.append(2, 0, batch).join();

        assertThat(again.id(0)).isEqualTo(first.id(0));
        assertThat(again.id(2)).isEqualTo(first.id(2));
        assertThat(first.isDuplicate(0)).isFalse();
        assertThat(again.isDuplicate(0)).isTrue();
        assertThat(next.id(0).offset()).isEqualTo(4);
        steps.append(3, 0, batch).join();
        assertThat(steps.append(1, 0, batch)).failsWithin(Duration.ofSeconds(2));
        assertThat(raw.xlen(STREAM)).isEqualTo(9);
    }

    /** R#9, R#11: neither a clock that steps back nor a lost meta hash makes an offset come twice. */
    @Test
    void offsetsGoOnWhenTheMetaHashIsLostOrTheClockStepsBack(EmbeddedRedis redis) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.publishBatch(events(5));

        raw.del("oq:{orders:0}:m");
        assertThat(orders.publish(OrderEvent.number(6)).offset()).isEqualTo(6);

        long inAnHour = System.currentTimeMillis() + 3_600_000;
        raw.xadd(STREAM, new io.lettuce.core.XAddArgs().id(inAnHour + "-7"), "p", "{}", "k", "", "h", "");
        PublishReceipt receipt = orders.publish(OrderEvent.number(8));
        assertThat(receipt.offset()).isEqualTo(8);
        assertThat(receipt.id().publishedAt().toEpochMilli()).isEqualTo(inAnHour);
        assertThat(orders.publishBatch(events(2)).stream().map(PublishReceipt::offset))
                .containsExactly(9L, 10L);
    }

    @Test
    void aTopicIsNotOpenedWithoutRedis(EmbeddedRedis redis) {
        String address = GuideUsers.app(redis);
        var pubSub = pubSubs.open(address);
        redis.kill();
        await().until(() -> logs.at(Level.WARN, "Redis is not reachable").size() == 1);

        assertThatExceptionOfType(PubSubException.class)
                .isThrownBy(() -> pubSub.topic("orders", OrderEvent.class))
                .withMessageStartingWith("topics are kept in 'oq:topics', which cannot be used: ");
        assertThatExceptionOfType(PubSubException.class)
                .isThrownBy(() -> pubSubs.open(address))
                .withMessageStartingWith("cannot connect to Redis: ");
    }

    private static EncodedMessage encoded(String text) {
        return new EncodedMessage(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                new byte[0],
                new byte[0],
                new byte[0],
                new byte[0]);
    }
}
