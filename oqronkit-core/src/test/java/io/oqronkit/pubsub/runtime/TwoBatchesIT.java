package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.PublishSteps;
import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.StoredBatch;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two batches of a partition are under way at a time: whatever becomes of them, each is stored once and in its turn. */
@ExtendWith(EmbeddedRedisExtension.class)
class TwoBatchesIT {

    private static final String STREAM = "oq:{orders:0}:s";
    private static final int WORTH_A_SECOND = 4;

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
    private RedisCommands<String, String> raw;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        raw = pubSubs.raw(redis);
    }

    @Test
    void aBatchIsNotStoredWithoutTheOneItWasSentBehind(EmbeddedRedis redis) {
        PublishSteps steps = steps(redis);
        steps.append(1, 0, batch("a")).join();

        assertThat(steps.append(3, 2, batch("c")))
                .failsWithin(Duration.ofSeconds(2))
                .withThrowableThat()
                .withMessageContaining("OQRON out of turn");
        assertThat(raw.xlen(STREAM)).isEqualTo(1);

        steps.append(2, 1, batch("b")).join();
        steps.append(3, 2, batch("c")).join();
        assertThat(payloads()).containsExactly("a", "b", "c");
    }

    @Test
    void bothBatchesAreKnownWhenTheyAreSentAgain(EmbeddedRedis redis) {
        PublishSteps steps = steps(redis);
        StoredBatch first = steps.append(1, 0, batch("a")).join();
        StoredBatch second = steps.append(2, 1, batch("b")).join();

        assertThat(steps.append(1, 0, batch("a")).join().id(0)).isEqualTo(first.id(0));
        assertThat(steps.append(2, 0, batch("b")).join().id(0)).isEqualTo(second.id(0));
        steps.append(3, 2, batch("c")).join();
        assertThat(steps.append(1, 0, batch("a"))).failsWithin(Duration.ofSeconds(2));
        assertThat(payloads()).containsExactly("a", "b", "c");
    }

    @Test
    void twoBatchesWhoseAnswersAreLostAreStoredOnce(EmbeddedRedis redis) throws IOException {
        try (Proxy proxy = Proxy.before(redis)) {
            Topic<OrderEvent> orders = pubSubs.open(proxy.uri()).topic("orders", OrderEvent.class);
            publish(orders, 1);
            await().until(receipts.get(0)::isDone); // from here on the server knows the script
            proxy.swallowAnswers(Proxy.COMMANDS);
            publish(orders, 200);
            await().until(() -> raw.xlen(STREAM) >= 2 + WORTH_A_SECOND);

            proxy.cut(Proxy.COMMANDS);

            assertAllAreStoredOnceInTheirOrder();
        }
    }

    @Test
    void floodsThroughCutConnectionsKeepTheirOrder(EmbeddedRedis redis) throws IOException {
        try (Proxy proxy = Proxy.before(redis)) {
            Topic<OrderEvent> orders = pubSubs.open(proxy.uri()).topic("orders", OrderEvent.class);
            for (int cut = 0; cut < 10; cut++) {
                publish(orders, 3_000);
                proxy.cutAll();
                await().until(receipts.get(receipts.size() - 1)::isDone);
            }

            assertAllAreStoredOnceInTheirOrder();
        }
    }

    @Test
    void aFloodThroughAFreezeKeepsItsOrder(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        publish(orders, 1_000);
        redis.pause();
        publish(orders, 3_000);
        await().until(() -> logs.at(Level.WARN, "Redis is not reachable").size() == 1);
        redis.resume();

        assertAllAreStoredOnceInTheirOrder();
    }

    @Test
    void aFloodThroughARestartKeepsItsOrder(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        raw.configSet("appendfsync", "always");
        publish(orders, 3_000);
        await().until(() -> raw.xlen(STREAM) > 0);
        redis.kill();
        redis.restart();

        assertAllAreStoredOnceInTheirOrder();
    }

    private void publish(Topic<OrderEvent> orders, int count) {
        for (int i = 0; i < count; i++) {
            receipts.add(orders.publishAsync(OrderEvent.number(receipts.size() + 1)));
        }
    }

    private void assertAllAreStoredOnceInTheirOrder() {
        await().until(() -> receipts.stream().allMatch(CompletableFuture::isDone));
        assertThat(receipts.stream().map(receipt -> receipt.join().offset()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, receipts.size()).boxed().toList());
        assertThat(payloads().stream().map(payload -> payload.replaceAll(".*ord_(\\d+).*", "$1")))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, receipts.size())
                        .mapToObj(Long::toString)
                        .toList());
    }

    private List<String> payloads() {
        return raw.xrange(STREAM, Range.unbounded()).stream()
                .map(entry -> entry.getBody().get("p"))
                .toList();
    }

    private PublishSteps steps(EmbeddedRedis redis) {
        return new PublishSteps(
                new RedisLinks(pubSubs.client(GuideUsers.app(redis)), event -> {}).commands(),
                new PartitionKeys("oq", "orders", 0),
                "producer-1",
                Duration.ofHours(1),
                OptionalLong::empty,
                due -> {});
    }

    private static List<EncodedMessage> batch(String payload) {
        byte[] none = new byte[0];
        return List.of(new EncodedMessage(payload.getBytes(StandardCharsets.UTF_8), none, none, none, none));
    }
}
