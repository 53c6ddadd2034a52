package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static io.oqronkit.pubsub.runtime.Groups.stats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.MessageHandler;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Redis has done what it was asked, but its answer does not arrive (R#1, R#3, R#7). */
@ExtendWith(EmbeddedRedisExtension.class)
class LostAnswersIT {

    private static final String STREAM = "oq:{orders:0}:s";

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    private Proxy proxy;
    private RedisCommands<String, String> raw;
    private Topic<OrderEvent> direct;
    private Topic<OrderEvent> orders;

    @BeforeEach
    void connect(EmbeddedRedis redis) throws IOException {
        proxy = Proxy.before(redis);
        raw = pubSubs.raw(redis);
        direct = pubSubs.open(redis).topic("orders", OrderEvent.class);
        orders = pubSubs.open(proxy.uri()).topic("orders", OrderEvent.class);
    }

    @AfterEach
    void disconnect() {
        proxy.close();
    }

    @Test
    void aPublishIsStoredOnceAndItsReceiptSaysWhere() {
        orders.publish(OrderEvent.number(1)); // from here on the server knows the script
        proxy.swallowAnswers(Proxy.COMMANDS);
        CompletableFuture<PublishReceipt> second = orders.publishAsync(OrderEvent.number(2));
        await().until(() -> raw.xlen(STREAM) == 2);

        proxy.cut(Proxy.COMMANDS);

        await().until(second::isDone);
        assertThat(second.join().offset()).isEqualTo(2);
        assertThat(orders.publish(OrderEvent.number(3)).offset()).isEqualTo(3);
        assertThat(raw.xlen(STREAM)).isEqualTo(3);
    }

    @Test
    void publishesKeepTheirOrderAndAreStoredOnceThroughCutConnections() {
        List<CompletableFuture<PublishReceipt>> receipts = new ArrayList<>();
        for (int cut = 0; cut < 5; cut++) {
            for (int i = 0; i < 200; i++) {
                receipts.add(orders.publishAsync(
                        OutgoingMessage.of(OrderEvent.number(receipts.size())).key("cust-7")));
            }
            proxy.cutAll();
            CompletableFuture<PublishReceipt> last = receipts.get(receipts.size() - 1);
            await().until(last::isDone);
        }

        assertThat(receipts.stream().map(receipt -> receipt.join().offset()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1_000).boxed().toList());
        assertThat(raw.xlen(STREAM)).isEqualTo(1_000);
    }

    /** So does a server whose clock was set back: it holds on to a blocked client for as long as that. */
    @Test
    void aReadThatIsNeverAnsweredIsGivenUpAndWhatItWasGivenIsTakenBack() {
        subscribe(c -> handled.add(c.offset() + "/" + c.attempt()));
        proxy.swallowAnswers(Proxy.FIRST_READER);

        direct.publish(OrderEvent.number(1));
        direct.publish(OrderEvent.number(2));

        await().atMost(Duration.ofSeconds(9)).until(() -> handled.size() == 2);
        awaitFinished(direct, "billing");
        assertThat(handled.stream().map(line -> line.split("/")[0])).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void anAckIsMadeOnce() {
        subscribe(c -> handled.add(c.offset() + "/" + c.attempt()));
        direct.publish(OrderEvent.number(1));
        awaitFinished(direct, "billing");
        proxy.swallowAnswers(Proxy.COMMANDS);

        direct.publish(OrderEvent.number(2));
        awaitFinished(direct, "billing");
        proxy.cut(Proxy.COMMANDS);
        direct.publish(OrderEvent.number(3));
        awaitFinished(direct, "billing");

        assertThat(handled).containsExactly("1/1", "2/1", "3/1");
    }

    @Test
    void aMessageIsDeadLetteredOnce() {
        subscribe(c -> {
            handled.add(c.offset() + "/" + c.attempt());
            c.deadLetter("no");
        });
        direct.publish(OrderEvent.number(1)); // from here on the server knows the script
        await().until(() -> stats(direct, "billing").deadLetters() == 1);
        proxy.swallowAnswers(Proxy.COMMANDS);
        direct.publish(OrderEvent.number(2));
        await().until(() -> stats(direct, "billing").deadLetters() == 2);

        proxy.cut(Proxy.COMMANDS);
        direct.publish(OrderEvent.number(3));

        await().until(() -> stats(direct, "billing").deadLetters() == 3);
        awaitFinished(direct, "billing");
        assertThat(stats(direct, "billing").deadLetters()).isEqualTo(3);
        assertThat(handled).containsExactly("1/1", "2/1", "3/1");
    }

    private void subscribe(MessageHandler<OrderEvent> handler) {
        orders.subscribe(group("billing").handler(handler));
    }
}
