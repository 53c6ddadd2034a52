package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody can try who may publish, or may name things, or writes to Redis beside us. */
@ExtendWith(EmbeddedRedisExtension.class)
class HostileMessagesIT {

    private static final String STREAM = "oq:{orders:0}:s";
    private static final String FORGED = "x\r\nWARN io.oqronkit.pubsub.audit : delete by=alice\u2028";

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @RegisterExtension
    final LogLines logs = new LogLines();

    private final Queue<Map<String, String>> handled = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a}b", "{a", "a:b", "a\u0000b", "__a", "a b", "a*"})
    void namesThatCouldLeaveTheirKeysAreRefused(String name, EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        Topic<String> orders = pubSub.topic("orders", String.class);

        assertThatIllegalArgumentException().isThrownBy(() -> pubSub.topic(name, String.class));
        assertThatIllegalArgumentException().isThrownBy(() -> SubscriptionSpec.<String>group(name));
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> orders.admin().pause(name));
        assertThat(pubSubs.raw(redis).keys("*")).allMatch(key -> key.equals("oq:topics"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\r\nb", "a}b", "{a", "a:b", "a\u0000b", "a b", "a*", "a[b]"})
    void keyPrefixesThatCouldReachOtherKeysAreRefused(String prefix, EmbeddedRedis redis) {
        OqronPubSub builder = OqronPubSub.builder(pubSubs.client(redis));

        assertThatIllegalArgumentException().isThrownBy(() -> builder.keyPrefix(prefix));
    }

    /** Redis and JSON carry any text: nothing in a key, a header's value or an idempotency key breaks out. */
    @Test
    void anyTextInKeysAndValuesArrivesAsItWas(EmbeddedRedis redis) {
        Topic<String> orders = pubSubs.open(redis).topic("orders", String.class);
        orders.subscribe(SubscriptionSpec.<String>group("billing")
                .handler(c ->
                        handled.add(Map.of("key", c.key(), "value", c.headers().get("h")))));
        String odd = "\r\n*3\r\n$8\r\nFLUSHALL\r\n{x}:\u0000\"'} ' .. redis.call('FLUSHALL') .. '";

        orders.publish(OutgoingMessage.of("p").key(odd).header("h", odd).idempotencyKey(odd));

        await().until(() -> handled.size() == 1);
        assertThat(handled).containsExactly(Map.of("key", odd, "value", odd));
    }

    @Test
    void headersOfOursCannotBeSetAndAreNotSeen(EmbeddedRedis redis) {
        Topic<String> orders = pubSubs.open(redis).topic("orders", String.class);
        orders.subscribe(SubscriptionSpec.<String>group("billing").handler(c -> handled.add(c.headers())));
        OutgoingMessage<String> message = OutgoingMessage.of("p");

        for (String name : List.of("oqron-ttl-ms", "OQRON-anything", "a\r\nb", "", "\u007f")) {
            assertThatIllegalArgumentException().isThrownBy(() -> message.header(name, "v"));
        }
        write(redis, "1-1", "\"p\"", "{\"oqron-ttl-ms\":\"soon\",\"oqron-attempt\":\"9\",\"mine\":\"v\"}");

        await().until(() -> handled.size() == 1);
        assertThat(handled).containsExactly(Map.of("mine", "v"));
    }

    @Test
    void aPayloadOverTheLimitIsNotDecodedWhoeverWroteIt(EmbeddedRedis redis) {
        Topic<String> orders = pubSubs.open(redis).topic("orders", String.class);
        orders.subscribe(SubscriptionSpec.<String>group("billing").handler(c -> handled.add(c.headers())));

        write(redis, "1-1", '"' + "x".repeat(1024 * 1024) + '"', "");

        await().until(() -> orders.admin().deadLetters("billing", 10).size() == 1);
        assertThat(orders.admin().deadLetters("billing", 10).get(0).cause())
                .endsWith("payload has 1048578 bytes, and at most 1048576 are decoded");
        assertThat(handled).isEmpty();
    }

    /** Failures, reasons and payloads quoted in them must not write lines that look like ours. */
    @Test
    void nothingInAMessageForgesALogLine(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").maxRetries(0).handler(c -> {
            switch (c.message().orderId()) {
                case "throw" -> throw new IllegalStateException(c.headers().get("h"));
                case "reject" -> c.deadLetter(c.headers().get("h"));
                default -> c.discard(c.headers().get("h"));
            }
        }));
        orders.subscribe(group("halting")
                .mode(ConsumerMode.EXCLUSIVE)
                .afterRetries(AfterRetries.HALT)
                .maxRetries(0)
                .handler(c -> {
                    throw new IllegalStateException(c.headers().get("h"));
                }));

        for (String what : List.of("throw", "reject", "discard")) {
            orders.publish(OutgoingMessage.of(new OrderEvent("t", what, 1)).header("h", FORGED));
        }
        write(redis, "9999999999999-4", FORGED.replace("\r\n", "\\u000d\\u000a"), "");
        write(redis, "9999999999999-5", "{\"orderId\":17,\"amount\":\"" + FORGED + "\"}", FORGED);

        await().until(() -> orders.admin().deadLetters("billing", 10).size() == 4);
        await().until(() -> !logs.of("io.oqronkit.pubsub").stream()
                .filter(line -> line.contains("halts partition"))
                .toList()
                .isEmpty());
        assertThat(orders.admin().deadLetters("billing", 10))
                .allSatisfy(letter -> assertThat(letter.cause()).doesNotContainPattern("[\\p{Cntrl}\\u2028]"));
        assertThat(logs.of("io.oqronkit.pubsub"))
                .allSatisfy(line -> assertThat(line).doesNotContainPattern("[\\p{Cntrl}\\u2028]"));
    }

    /** As somebody would who writes to the stream beside us. */
    private void write(EmbeddedRedis redis, String id, String payload, String headers) {
        RedisCommands<String, String> raw = pubSubs.raw(redis);
        raw.xadd(STREAM, new XAddArgs().id(id), "p", payload, "k", "", "h", headers);
    }
}
