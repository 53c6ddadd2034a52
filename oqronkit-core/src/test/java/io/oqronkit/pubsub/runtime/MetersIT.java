package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the meters say of what happened. */
@ExtendWith(EmbeddedRedisExtension.class)
class MetersIT {

    private static final Backoff AN_HOUR = Backoff.of(Duration.ofHours(1), 1, Duration.ofHours(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void timesEachPublishedMessageByItsOutcome(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, Duration.ofHours(1)).topic("orders", OrderEvent.class);

        orders.publish(OrderEvent.number(1));
        orders.publishBatch(events(3));
        orders.publishAsync(OrderEvent.number(5)).join();
        PublishReceipt first =
                orders.publish(OutgoingMessage.of(OrderEvent.number(6)).idempotencyKey("six"));
        PublishReceipt second =
                orders.publish(OutgoingMessage.of(OrderEvent.number(6)).idempotencyKey("six"));
        OrderEvent tooLarge = new OrderEvent("x".repeat(2 * 1024 * 1024), "ord", 1);
        assertThatIllegalArgumentException().isThrownBy(() -> orders.publish(tooLarge));

        assertThat(second.id()).isEqualTo(first.id());
        await().untilAsserted(() -> {
            assertThat(published("stored")).isEqualTo(6);
            assertThat(published("duplicate")).isEqualTo(1);
            assertThat(published("failed")).isEqualTo(1);
            assertThat(published("unknown")).isZero();
        });
        assertThat(registry.get("oqronkit.pubsub.publish.batch.size").summary().totalAmount())
                .isEqualTo(7);
    }

    @Test
    void aPublishWhoseFateIsNotKnownIsCountedAsSuch(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(
                        redis, it -> it.meterRegistry(registry).publishTimeout(Duration.ofMillis(300)))
                .topic("orders", OrderEvent.class);
        orders.publish(OrderEvent.number(1));

        redis.pause();
        try {
            assertThat(orders.publishAsync(OrderEvent.number(2))).failsWithin(Duration.ofSeconds(20));
        } finally {
            redis.resume();
        }

        await().untilAsserted(() -> assertThat(published("unknown")).isEqualTo(1));
    }

    @Test
    void timesEachDeliveryByItsOutcome(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, Duration.ofHours(1)).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing")
                .filter(event -> event.amount() != 1)
                .maxRetries(1)
                .backoff(Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0))
                .handler(context -> handle(context)));

        orders.publishBatch(events(4));
        orders.publish(OutgoingMessage.of(OrderEvent.number(5)).timeToLive(Duration.ofMillis(1)));
        awaitFinished(orders, "billing");

        await().untilAsserted(() -> assertThat(processed("billing"))
                .containsEntry("filtered", 1L)
                .containsEntry("discarded", 1L)
                .containsEntry("retry", 1L)
                .containsEntry("dead-letter", 1L)
                .containsEntry("lost", 0L));
        assertThat(processed("billing").get("ack") + processed("billing").get("expired"))
                .isEqualTo(2);
        assertThat(registry.get("oqronkit.pubsub.attempts")
                        .tag("group", "billing")
                        .summary()
                        .max())
                .isEqualTo(2);
    }

    private static void handle(MessageContext<OrderEvent> context) {
        if (context.message().amount() == 2) {
            context.discard("not wanted");
        } else if (context.message().amount() == 3) {
            throw new IllegalStateException("fails");
        }
    }

    @Test
    void aDeliveryThatWasGivenToSomebodyElseIsLostAndNothingElse(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, Duration.ofHours(1)).topic("orders", OrderEvent.class);
        CountDownLatch never = new CountDownLatch(1);
        orders.subscribe(group("billing")
                .maxProcessingTime(Duration.ofSeconds(1))
                .maxRetries(0)
                .handler(context -> never.await()));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(processed("billing"))
                .containsEntry("lost", 1L)
                .containsEntry("ack", 0L)
                .containsEntry("retry", 0L));
    }

    @Test
    void countsWhatIsDroppedAndWhy(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, Duration.ofHours(1))
                .topic(TopicSpec.of("orders", OrderEvent.class).deadLetter(DeadLetterPolicy.disabled()));
        orders.subscribe(group("billing").maxRetries(0).handler(context -> {
            throw new IllegalStateException("fails");
        }));
        assertThat(dropped("no-dead-letters")).isZero();

        orders.publishBatch(events(2));

        await().untilAsserted(() -> assertThat(dropped("no-dead-letters")).isEqualTo(2));
        assertThat(dropped("retention")).isZero();
        assertThat(processed("billing")).containsEntry("dropped", 2L);
    }

    @Test
    void gaugesShowWhereAGroupStandsAndGoWithIt(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, Duration.ofMillis(50)).topic("orders", OrderEvent.class);
        orders.publish(OutgoingMessage.of(OrderEvent.number(9)).delay(Duration.ofHours(1)));
        CountDownLatch end = new CountDownLatch(1);
        Subscription billing =
                orders.subscribe(group("billing").maxRetries(1).backoff(AN_HOUR).handler(context -> {
                    if (context.message().amount() == 1) {
                        context.deadLetter("refused");
                    } else if (context.message().amount() == 2) {
                        context.nack();
                    } else {
                        end.await();
                    }
                }));

        orders.publishBatch(events(4));

        await().untilAsserted(() -> {
            assertThat(gauge("dead.letters")).isEqualTo(1);
            assertThat(gauge("parked")).isEqualTo(1);
            assertThat(gauge("pending") + gauge("lag")).isEqualTo(2);
            assertThat(gauge("oldest.unfinished.age")).isPositive();
            assertThat(registry.get("oqronkit.pubsub.scheduled").gauge().value())
                    .isEqualTo(1);
        });
        assertThat(gauge("reader.state")).isEqualTo(1);
        billing.pause();
        assertThat(gauge("reader.state")).isZero();

        end.countDown();
        billing.close();
        assertThat(registry.find("oqronkit.pubsub.reader.state").gauge()).isNull();
        orders.admin().deleteGroup("billing");
        await().untilAsserted(() ->
                assertThat(registry.find("oqronkit.pubsub.lag").gauge()).isNull());
    }

    @Test
    void aScrapeNeverWaitsForRedisAndShowsNoStaleFigures(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis, Duration.ofMillis(50)).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(context -> {}));
        await().untilAsserted(() -> assertThat(gauge("lag")).isZero());

        redis.kill();
        await().untilAsserted(() -> assertThat(gauge("lag")).isNaN());
        assertThat(gauge("oldest.unfinished.age")).isNaN();
        redis.restart();

        await().untilAsserted(() -> assertThat(gauge("lag")).isZero());
    }

    @Test
    void aClosedPubSubLeavesNoGaugeBehind(EmbeddedRedis redis) {
        PubSub pubSub = open(redis, Duration.ofMillis(50));
        Topic<OrderEvent> orders = pubSub.topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(context -> {}));
        await().untilAsserted(() -> assertThat(gauge("backlog")).isZero());

        pubSub.close();

        await().untilAsserted(() -> assertThat(registry.getMeters()).noneMatch(Gauge.class::isInstance));
    }

    @Test
    void allMetersOfANameHaveTheSameTagKeys(EmbeddedRedis redis) {
        PubSub pubSub = open(redis, Duration.ofMillis(50));
        for (String name : List.of("orders", "payments")) {
            Topic<OrderEvent> topic = pubSub.topic(name, OrderEvent.class);
            topic.subscribe(group("billing").handler(context -> {}));
            topic.publish(OrderEvent.number(1));
        }
        await().until(() -> registry.find("oqronkit.pubsub.lag").gauges().size() == 2);

        assertThat(tagKeys(registry).entrySet())
                .allSatisfy(
                        entry -> assertThat(entry.getValue()).as(entry.getKey()).hasSize(1));
    }

    static Map<String, Set<List<String>>> tagKeys(MeterRegistry registry) {
        Map<String, Set<List<String>>> keys = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            keys.computeIfAbsent(meter.getId().getName(), name -> new HashSet<>())
                    .add(meter.getId().getTags().stream()
                            .map(Tag::getKey)
                            .sorted()
                            .toList());
        }
        return keys;
    }

    @Test
    void aShadowReplayIsNotMeasured(EmbeddedRedis redis) throws InterruptedException {
        Topic<OrderEvent> orders = open(redis, Duration.ofMillis(50)).topic("orders", OrderEvent.class);
        orders.publishBatch(events(3));

        var replay = orders.shadowReplay(
                ShadowReplaySpec.<OrderEvent>from(Position.earliest()).handler(context -> {}));
        assertThat(replay.await(Duration.ofSeconds(20))).isTrue();

        assertThat(registry.find("oqronkit.pubsub.process").timers()).isEmpty();
    }

    @Test
    void withoutARegistryNothingRuns(EmbeddedRedis redis) {
        pubSubs.open(redis).topic("orders", OrderEvent.class).publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("oqronkit-meters"));
    }

    private PubSub open(EmbeddedRedis redis, Duration gaugesEvery) {
        return pubSubs.open(redis, it -> it.meterRegistry(registry).gaugesEvery(gaugesEvery));
    }

    private long published(String outcome) {
        return registry.get("oqronkit.pubsub.publish")
                .tags("topic", "orders", "outcome", outcome)
                .timer()
                .count();
    }

    private Map<String, Long> processed(String group) {
        return registry.get("oqronkit.pubsub.process").tags("topic", "orders", "group", group).timers().stream()
                .collect(Collectors.toMap(
                        timer -> String.valueOf(timer.getId().getTag("outcome")), timer -> timer.count()));
    }

    private double dropped(String reason) {
        return registry.get("oqronkit.pubsub.dropped")
                .tags("topic", "orders", "group", "billing", "reason", reason)
                .counter()
                .count();
    }

    private double gauge(String name) {
        return registry.get("oqronkit.pubsub." + name)
                .tags("topic", "orders", "group", "billing")
                .gauge()
                .value();
    }
}
