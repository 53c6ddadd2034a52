package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A topic has no more messages than its cap, whatever its groups do; what that costs is never silent. */
@ExtendWith(EmbeddedRedisExtension.class)
class CapIT {

    private static final Duration APPLIED = Duration.ofSeconds(12);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<Long> handled = new ConcurrentLinkedQueue<>();

    @Test
    void refusesWhatHasNoRoomToTheMessageAndForSure(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofSeconds(3)))
                .topic(capped(100, CapAction.REJECT).partitions(2));
        orders.subscribe(group("away").handler(c -> handled.add(c.offset()))).close();

        List<CompletableFuture<PublishReceipt>> published =
                events(300).stream().map(orders::publishAsync).toList();

        List<Throwable> failures = published.stream()
                .map(f -> f.handle((receipt, failure) -> failure).join())
                .filter(java.util.Objects::nonNull)
                .map(failure -> failure instanceof CompletionException ? failure.getCause() : failure)
                .toList();
        assertThat(failures).hasSize(200).allSatisfy(failure -> assertThat(failure)
                .isInstanceOf(PublishFailedException.class)
                .hasMessageContaining("topic 'orders' has no room for")
                .hasMessageContaining("whose share of retention.cap is 50 messages"));
        assertThat(orders.admin().stats().messages()).isEqualTo(100);
        assertThatExceptionOfType(PublishFailedException.class).isThrownBy(() -> orders.publish(OrderEvent.number(1)));
        assertThat(stats(orders, "away").lag()).isEqualTo(100);
        assertThat(stats(orders, "away").dropped()).isZero();
    }

    @Test
    void takesMessagesAgainOnceGroupsHaveFinishedSome(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic(capped(100, CapAction.REJECT));
        orders.subscribe(group("billing").handler(c -> {})).close();
        orders.publishBatch(events(100));

        CompletableFuture<PublishReceipt> waiting = orders.publishAsync(OrderEvent.number(101));
        orders.subscribe(group("billing").handler(c -> handled.add(c.offset())));

        assertThat(waiting.join().offset()).isEqualTo(101);
        awaitFinished(orders, "billing");
        await().until(() -> handled.size() == 101);
        assertThat(orders.admin().stats().messages()).isEqualTo(91);
    }

    @Test
    void answersAMessageThatIsThereAlreadyThoughThereIsNoRoom(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.publishTimeout(Duration.ofMillis(500)))
                .topic(capped(3, CapAction.REJECT));
        orders.subscribe(group("away").handler(c -> {})).close();
        OutgoingMessage<OrderEvent> first =
                OutgoingMessage.of(OrderEvent.number(1)).idempotencyKey("one");
        PublishReceipt receipt = orders.publish(first);
        orders.publishBatch(events(2));

        assertThat(orders.publish(first).duplicate()).isTrue();
        assertThat(orders.publish(first).id()).isEqualTo(receipt.id());
        assertThatExceptionOfType(PublishFailedException.class)
                .isThrownBy(() ->
                        orders.publish(OutgoingMessage.of(OrderEvent.number(4)).idempotencyKey("four")));
    }

    @Test
    void dropsTheOldestUnderLoadAndCountsThemForEachGroup(EmbeddedRedis redis) {
        Queue<PubSubEvent> heard = new ConcurrentLinkedQueue<>();
        Topic<OrderEvent> orders = pubSubs.open(redis, b -> b.listener(heard::add))
                .topic(capped(1_000, CapAction.DROP_OLDEST).partitions(2));
        orders.subscribe(group("away").handler(c -> handled.add(c.offset()))).close();
        orders.subscribe(group("present").concurrency(4).handler(c -> {}));

        Load load = Load.on(orders);
        await().atMost(APPLIED).until(() -> stats(orders, "away").dropped() > 0);
        load.stop();
        long published = load.published().size();
        await().atMost(APPLIED).until(() -> orders.admin().stats().messages() == 1_000);

        assertThat(stats(orders, "away").dropped()).isEqualTo(published - 1_000);
        assertThat(stats(orders, "away").lag()).isEqualTo(1_000);
        awaitFinished(orders, "present");
        assertThat(load.failures()).isEmpty();
        orders.subscribe(group("away").handler(c -> handled.add(c.offset())));
        awaitFinished(orders, "away");
        assertThat(handled).hasSize(1_000);
        AtomicLong told = new AtomicLong();
        await().untilAsserted(() -> {
            told.set(heard.stream()
                    .filter(MessagesDropped.class::isInstance)
                    .map(MessagesDropped.class::cast)
                    .filter(lost -> lost.group().equals("away") && lost.reason() == DropReason.CAP)
                    .mapToLong(MessagesDropped::count)
                    .sum());
            assertThat(told).hasValue(published - 1_000);
        });
    }

    @Test
    void isSharedByThePartitions(EmbeddedRedis redis) {
        Topic<OrderEvent> orders =
                pubSubs.open(redis).topic(capped(100, CapAction.DROP_OLDEST).partitions(4));
        orders.publishBatch(events(400));

        await().atMost(APPLIED).until(() -> orders.admin().stats().messages() == 100);

        var raw = pubSubs.raw(redis);
        assertThat(IntStream.range(0, 4).mapToObj(p -> raw.xlen("oq:{orders:" + p + "}:s")))
                .containsOnly(25L);
    }

    private static TopicSpec<OrderEvent> capped(long messages, CapAction action) {
        return TopicSpec.of("orders", OrderEvent.class)
                .retention(Retention.forever().cap(messages, action));
    }
}
