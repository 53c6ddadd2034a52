package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.PublishSteps;
import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What publishing with a delay answers, and what can be done until the message enters the log. */
@ExtendWith(EmbeddedRedisExtension.class)
class DelayedPublishIT {

    private static final Duration HOUR = Duration.ofHours(1);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private Topic<OrderEvent> orders;
    private RedisCommands<String, String> raw;

    @BeforeEach
    void open(EmbeddedRedis redis) {
        orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        raw = pubSubs.raw(redis);
    }

    @Test
    void aReceiptTellsWhenTheMessageIsDueAndHasNoOffsetYet() {
        long nowMs = Long.parseLong(raw.time().get(0)) * 1_000;
        Instant at = Instant.ofEpochMilli(nowMs + 7_200_000);

        PublishReceipt delayed = orders.publish(message(1).delay(HOUR));
        PublishReceipt dated = orders.publishAsync(message(2).deliverAt(at)).join();

        assertThat(delayed.scheduledFor().orElseThrow().toEpochMilli()).isBetween(nowMs + 3_600_000, nowMs + 3_602_000);
        assertThat(dated.scheduledFor()).contains(at);
        assertThat(List.of(delayed.offset(), dated.offset())).containsExactly(-1L, -1L);
        assertThat(delayed.id()).isNotEqualTo(dated.id());
        assertThat(delayed.duplicate()).isFalse();
        assertThat(orders.publish(OrderEvent.number(3)).scheduledFor()).isEmpty();
        assertThat(orders.admin().stats().scheduled()).isEqualTo(2);
        assertThat(orders.admin().stats().messages()).isEqualTo(1);
        assertThat(orders.admin().delivery(delayed.id())).isEmpty();
    }

    @Test
    void aTimeThatHasPassedIsNow() {
        orders.publish(message(1).deliverAt(Instant.EPOCH.minusSeconds(1)));

        await().until(() -> orders.admin().stats().messages() == 1);
    }

    @Test
    void aBatchMayMixDelayedAndImmediateMessages() {
        List<PublishReceipt> receipts = orders.publishMessages(List.of(
                message(1),
                message(2).delay(Duration.ofMillis(1)),
                message(3),
                message(4).delay(HOUR),
                message(5)));

        assertThat(receipts.stream().map(PublishReceipt::offset)).containsExactly(1L, -1L, 2L, -1L, 3L);
        assertThat(receipts.stream().map(PublishReceipt::duplicate)).containsOnly(false);
        await().until(() -> orders.admin().stats().messages() == 4);
        assertThat(orders.publish(OrderEvent.number(6)).offset()).isEqualTo(5);
    }

    /** Neither key may be of a wrong type: what fails at the second write must not have done the first. */
    @Test
    void aMixedBatchIsStoredWhollyOrNotAtAll() {
        for (String harmed : List.of("oq:{orders:0}:s", "oq:{orders:0}:z", "oq:{orders:0}:zm")) {
            raw.set(harmed, "of a wrong type");

            assertThatExceptionOfType(PublishFailedException.class)
                    .isThrownBy(() -> orders.publishMessages(List.of(
                            message(1).delay(HOUR), message(2), message(3).delay(HOUR))))
                    .withMessageContaining("WRONGTYPE");

            raw.del(harmed);
            assertThat(orders.admin().stats().scheduled()).isZero();
            assertThat(orders.admin().stats().messages()).isZero();
        }
    }

    @Test
    void aCancelledMessageIsGoneForGood() {
        PublishReceipt kept = orders.publish(message(1).delay(Duration.ofMillis(700)));
        PublishReceipt cancelled = orders.publish(message(2).delay(Duration.ofMillis(600)));

        assertThat(orders.cancel(cancelled)).isTrue();
        assertThat(orders.cancel(cancelled)).isFalse();

        await().until(() -> orders.admin().stats().messages() == 1);
        assertThat(orders.admin().stats().scheduled()).isZero();
        assertThat(orders.cancel(kept)).isFalse();
        assertThat(orders.cancel(orders.publish(OrderEvent.number(3)))).isFalse();
        assertThat(orders.admin().stats().messages()).isEqualTo(2);
    }

    @Test
    void aMessageIsCancelledByItsStoredIdFromAnotherProcess(EmbeddedRedis redis) {
        String stored = orders.publish(message(1).delay(HOUR)).id().toString();

        Topic<OrderEvent> elsewhere = pubSubs.open(redis).topic("orders", OrderEvent.class);

        assertThat(elsewhere.cancel(new PublishReceipt("orders", MessageId.parse(stored), false)))
                .isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> elsewhere.cancel(new PublishReceipt("returns", MessageId.parse(stored), false)))
                .withMessage("receipt is of topic 'returns', not of 'orders'");
    }

    @Test
    void anIdempotencyKeyHoldsWhileTheMessageWaitsAndAfterItHasEnteredTheLog() {
        OutgoingMessage<OrderEvent> keyed = message(1).idempotencyKey("a");
        PublishReceipt first = orders.publish(keyed.delay(Duration.ofMillis(600)));

        PublishReceipt second = orders.publish(keyed.delay(HOUR));
        assertThat(second.duplicate()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.scheduledFor()).isEqualTo(first.scheduledFor());
        assertThat(orders.publish(keyed).id()).isEqualTo(first.id());

        await().until(() -> orders.admin().stats().messages() == 1);
        PublishReceipt third = orders.publish(keyed.delay(HOUR));
        assertThat(third.duplicate()).isTrue();
        assertThat(third.offset()).isEqualTo(1);
        assertThat(third.scheduledFor()).isEmpty();
        assertThat(orders.admin().stats().scheduled()).isZero();
    }

    /** The window begins when the message enters the log, not while it waits. */
    @Test
    void anIdempotencyKeyOutlivesADelayLongerThanItsWindow(EmbeddedRedis redis) {
        Topic<OrderEvent> returns = pubSubs.open(redis)
                .topic(TopicSpec.of("returns", OrderEvent.class).idempotencyWindow(Duration.ofSeconds(1)));
        returns.publish(message(1).idempotencyKey("a").delay(Duration.ofMillis(1_500)));

        await().pollInterval(Duration.ofMillis(50))
                .until(() -> returns.publish(message(1).idempotencyKey("a")).offset() == 1);
        assertThat(returns.admin().stats().messages()).isEqualTo(1);
    }

    @Test
    void theIdempotencyKeyOfACancelledOrPurgedMessageIsFreeAgain() {
        OutgoingMessage<OrderEvent> keyed = message(1).idempotencyKey("a").delay(HOUR);
        orders.cancel(orders.publish(keyed));
        assertThat(orders.publish(keyed).duplicate()).isFalse();

        orders.admin().purge();
        assertThat(orders.publish(keyed).duplicate()).isFalse();
        assertThat(orders.admin().stats().scheduled()).isEqualTo(1);
    }

    /** As after a lost answer: whatever has entered the log meanwhile, nothing is scheduled or stored twice. */
    @Test
    void aBatchSentAgainSchedulesNothingTwice(EmbeddedRedis redis) {
        Queue<Long> expected = new ConcurrentLinkedQueue<>();
        PublishSteps steps = new PublishSteps(
                new RedisLinks(pubSubs.client(GuideUsers.app(redis)), event -> {}).commands(),
                new PartitionKeys("oq", "orders", 0),
                "producer-1",
                HOUR,
                java.util.OptionalLong::empty,
                expected::add);
        List<EncodedMessage> batch = List.of(
                encoded("", PublishSteps.in(HOUR)),
                encoded("", new byte[0]),
                encoded("a", PublishSteps.in(Duration.ofMillis(300))),
                encoded("b", new byte[0]),
                encoded("b", PublishSteps.in(HOUR)),
                encoded("b", new byte[0]),
                encoded("", new byte[0]));

        var first = steps.append(1, 0, batch).join();
        var again = steps.append(1, 0, batch).join();

        for (int place = 0; place < batch.size(); place++) {
            assertThat(again.id(place)).isEqualTo(first.id(place));
            assertThat(again.isDuplicate(place)).isTrue();
        }
        assertThat(List.of(
                        first.id(1).offset(),
                        first.id(3).offset(),
                        first.id(4).offset(),
                        first.id(5).offset()))
                .containsExactly(1L, 2L, 2L, 2L);
        assertThat(first.id(6).offset()).isEqualTo(3);
        assertThat(raw.zcard("oq:{orders:0}:z")).isEqualTo(2);
        assertThat(expected).containsExactly(first.id(2).ms(), first.id(2).ms());

        await().until(() -> orders.admin().stats().messages() == 4);
        var later = steps.append(1, 0, batch).join();
        assertThat(later.id(0)).isEqualTo(first.id(0));
        assertThat(later.id(2).offset()).isEqualTo(4);
        assertThat(later.id(6)).isEqualTo(first.id(6));
        assertThat(raw.zcard("oq:{orders:0}:z")).isEqualTo(1);
        assertThat(raw.xlen("oq:{orders:0}:s")).isEqualTo(4);
    }

    @Test
    void purgingRemovesScheduledMessagesToo() {
        orders.publishMessages(
                List.of(message(1), message(2).delay(HOUR), message(3).delay(HOUR)));

        assertThat(orders.admin().purge()).isEqualTo(3);

        assertThat(orders.admin().stats().scheduled()).isZero();
        assertThat(raw.exists("oq:{orders:0}:z", "oq:{orders:0}:zm")).isZero();
    }

    @Test
    void timeToLiveCountsFromWhenTheMessageEntersTheLog() {
        Queue<Long> handled = new ConcurrentLinkedQueue<>();
        orders.subscribe(group("billing")
                .startFrom(Position.latest())
                .handler(c -> handled.add((long) c.message().amount())));

        orders.publish(message(1).delay(Duration.ofMillis(1_500)).timeToLive(Duration.ofSeconds(1)));

        await().untilAsserted(() -> assertThat(handled).containsExactly(1L));
    }

    private static OutgoingMessage<OrderEvent> message(int number) {
        return OutgoingMessage.of(OrderEvent.number(number));
    }

    private static EncodedMessage encoded(String idempotencyKey, byte[] time) {
        byte[] none = new byte[0];
        return new EncodedMessage(
                "{}".getBytes(StandardCharsets.UTF_8),
                none,
                none,
                idempotencyKey.getBytes(StandardCharsets.UTF_8),
                time);
    }
}
