package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.figures;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that cannot be handled, or cannot be read. */
@ExtendWith(EmbeddedRedisExtension.class)
class FailureIT {

    private static final Backoff SOON = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @Test
    void aRetryThatSucceedsLeavesNothingBehind(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("ledger").backoff(SOON).handler(c -> {
            handled.add("attempt " + c.attempt() + " of " + c.maxAttempts());
            if (c.attempt() < 3) {
                throw new IllegalStateException("not yet");
            }
        }));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() ->
                assertThat(handled).containsExactly("attempt 1 of 6", "attempt 2 of 6", "attempt 3 of 6"));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
    }

    /** An hour of backoff holds the message, not the worker. */
    @Test
    void aMessageInBackoffBlocksNobody(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("ledger")
                .backoff(Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0))
                .handler(c -> {
                    if (c.offset() == 1) {
                        throw new IllegalStateException("not now");
                    }
                    handled.add(c.message().orderId());
                }));

        orders.publishBatch(events(20));

        await().untilAsserted(() -> assertThat(handled).hasSize(19));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 1, 0, 0, 1)));
    }

    /** R#28: idle time in Redis cannot hold a delay that is longer than the ack deadline. */
    @Test
    void aRetryInAnHourSurvivesItsProcessAndRedis(EmbeddedRedis redis) {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        PubSub first = pubSubs.open(redis);
        first.topic("orders", OrderEvent.class)
                .subscribe(group("billing")
                        .backoff(Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0))
                        .handler(c -> {
                            throw new IllegalStateException("not yet");
                        }));
        first.topic("orders", OrderEvent.class).publish(OrderEvent.number(1));
        await().until(() ->
                stats(first.topic("orders", OrderEvent.class), "billing").parked() == 1);
        first.close();
        redis.restart();

        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(c -> handled.add(c.offset() + "/" + c.attempt())));
        await().during(Duration.ofSeconds(2))
                .until(() -> stats(orders, "billing").parked() == 1);
        assertThat(handled).isEmpty();
        var raw = pubSubs.raw(redis);
        String parked = "oq:{orders:0}:k:billing";
        raw.zincrby(parked, -3_600_000, raw.zrange(parked, 0, 0).get(0)); // the hour is over

        await().untilAsserted(() -> assertThat(handled).containsExactly("1/2"));
    }

    @Test
    void aFilterThatThrowsIsAFailedAttemptWithItsErrorAsTheCause(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("ledger")
                .maxRetries(1)
                .backoff(SOON)
                .filter(e -> {
                    handled.add("filter " + e.orderId());
                    throw new IllegalArgumentException("no such field");
                })
                .handler(c -> handled.add("handler")));

        orders.publish(OrderEvent.number(1));

        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        assertThat(handled).containsExactly("filter ord_1", "filter ord_1");
        DeadLetter dead = orders.admin().deadLetters("ledger", 1).get(0);
        assertThat(dead.cause()).isEqualTo("java.lang.IllegalArgumentException: no such field");
        assertThat(dead.attempts()).isEqualTo(2);
    }

    @Test
    void filteredMessagesAreSettledWithoutHandling(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("shipping")
                .filter(e -> e.amount() > 8)
                .handler(c -> handled.add(c.message().orderId())));

        orders.publishBatch(events(10));

        await().untilAsserted(() -> assertThat(stats(orders, "shipping")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
        assertThat(handled).containsExactly("ord_9", "ord_10");
    }

    @Test
    void anUndecodablePayloadIsDeadLetteredAtOnceWithItsRawBytesAndBlocksNobody(EmbeddedRedis redis) {
        byte[] junk = {0, -1, 13, 10, '$', '{'};
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Topic<byte[]> raw = pubSubs.open(redis, b -> b.codec(new RawCodec())).topic("orders", byte[].class);
        Topic<String> texts = pubSubs.open(redis).topic("orders", String.class);
        orders.subscribe(group("ledger").handler(c -> handled.add(c.message().orderId())));

        orders.publish(OrderEvent.number(1));
        PublishReceipt first = raw.publish(junk);
        PublishReceipt second = texts.publish("not an order");
        orders.publish(OrderEvent.number(2));

        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 2, 0, 1)));
        assertThat(handled).containsExactly("ord_1", "ord_2");
        List<DeadLetter> dead = orders.admin().deadLetters("ledger", 10);
        assertThat(dead).extracting(DeadLetter::id).containsExactly(first.id(), second.id());
        assertThat(dead).extracting(DeadLetter::attempts).containsOnly(1);
        assertThat(dead).allSatisfy(d -> assertThat(d.cause())
                .startsWith("io.oqronkit.pubsub.PayloadCodecException: payload is not a JSON value of type "
                        + OrderEvent.class.getName()));
        assertThat(dead.get(0).payload()).isEqualTo(junk);
        assertThat(new String(dead.get(1).payload(), StandardCharsets.UTF_8)).isEqualTo("\"not an order\"");
    }

    @Test
    void twoProcessesMayReadATopicAsDifferentTypes(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        Topic<Object> plain = pubSubs.open(redis).topic("orders", Object.class);
        orders.subscribe(group("ledger").handler(c -> handled.add(c.message().orderId())));
        plain.subscribe(io.oqronkit.pubsub.SubscriptionSpec.group("audit").handler(c -> handled.add("" + c.message())));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(handled)
                .containsExactlyInAnyOrder("ord_1", "{event=order.created, orderId=ord_1, amount=1.0}"));
    }

    /** Not in the contract of a codec, and yet it must neither block the worker nor leave the message behind. */
    @Test
    void aCodecThatFailsInAnotherWayEndsInDeadLettersToo(EmbeddedRedis redis) {
        PayloadCodec broken = new RawCodec() {
            @Override
            public Object decode(byte[] bytes, Type type) {
                throw new IllegalStateException("schema registry is gone");
            }
        };
        Topic<byte[]> orders = pubSubs.open(redis, b -> b.codec(broken)).topic("orders", byte[].class);
        orders.subscribe(io.oqronkit.pubsub.SubscriptionSpec.<byte[]>group("ledger")
                .ackDeadline(Groups.ACK_DEADLINE)
                .handler(c -> handled.add("" + c.offset())));

        orders.publish(new byte[] {1});

        await().until(() -> stats(orders, "ledger").deadLetters() == 1);
        assertThat(orders.admin().deadLetters("ledger", 1).get(0).cause())
                .isEqualTo("java.lang.IllegalStateException: schema registry is gone");
    }

    @Test
    void withoutDeadLettersAMessageIsDroppedAndCounted(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).deadLetter(DeadLetterPolicy.disabled()));
        orders.subscribe(group("ledger").maxRetries(1).backoff(SOON).handler(c -> {
            throw new IllegalStateException("always");
        }));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 0, 1, 1)));
        assertThat(orders.admin().deadLetters("ledger", 10)).isEmpty();
    }

    @Test
    void redriveAllGivesBackEveryDeadLetterThatWasThere(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis)
                .topic(TopicSpec.of("orders", OrderEvent.class).partitions(2));
        AtomicInteger failures = new AtomicInteger(600);
        orders.subscribe(group("ledger").concurrency(4).maxRetries(0).handler(c -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
            handled.add(c.id() + " " + c.attempt());
        }));
        orders.publishBatch(events(600));
        await().until(() -> stats(orders, "ledger").deadLetters() == 600);

        assertThat(orders.admin().redriveAll("ledger")).isEqualTo(600);

        await().untilAsserted(() -> assertThat(handled).hasSize(600).doesNotHaveDuplicates());
        assertThat(handled).allMatch(line -> line.endsWith(" 1"));
        await().untilAsserted(() -> assertThat(stats(orders, "ledger")).isEqualTo(figures(0, 0, 0, 0, 0, 1)));
        assertThat(orders.admin().redriveAll("ledger")).isZero();
    }

    /** Bytes as they are. */
    private static class RawCodec implements PayloadCodec {
        @Override
        public byte[] encode(Object payload) {
            return (byte[]) payload;
        }

        @Override
        public Object decode(byte[] bytes, Type type) {
            return bytes;
        }
    }
}
