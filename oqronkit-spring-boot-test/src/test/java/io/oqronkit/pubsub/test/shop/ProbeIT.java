package io.oqronkit.pubsub.test.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@OqronTest
class ProbeIT {

    private static final Duration AT_ONCE = Duration.ofMillis(50);

    @Autowired
    private Topic<OrderEvent> orders;

    @Autowired
    private PubSubProbe probe;

    @AfterEach
    void forgetAccounts() {
        ShopApplication.KNOWS_ALL_ACCOUNTS.set(false);
    }

    @Test
    void waitsForWhatIsPublishedAndHandled() {
        orders.publish(OutgoingMessage.of(OrderEvent.paid("ord_1")).key("cust-7"));
        orders.publishAsync(OrderEvent.paid("ord_2"));

        assertThat(probe.awaits("order-events").published(2))
                .extracting(OutgoingMessage::key)
                .containsExactly("cust-7", null);
        assertThat(probe.awaits("order-events").published(2, OrderEvent.class))
                .extracting(OrderEvent::orderId)
                .containsExactly("ord_1", "ord_2");
        probe.awaits("order-events").group("billing").handled(2).failed(0);
        probe.awaits("order-events").group("billing").handled(2); // also what was before the call
    }

    @Test
    void waitsForFailuresRetriesAndDeadLettersWithTheirCause() {
        orders.publish(OrderEvent.paid("ord_13"));

        List<DeadLetter> dead = probe.awaits("order-events")
                .group("ledger")
                .retried(2)
                .failed(3)
                .deadLettered(1);

        assertThat(dead).singleElement().satisfies(letter -> {
            assertThat(letter.attempts()).isEqualTo(3);
            assertThat(letter.cause()).contains("no account for ord_13");
        });
        assertThat(probe.attempts("order-events", "ledger"))
                .extracting(Attempt::outcome)
                .containsExactly(Outcome.RETRY, Outcome.RETRY, Outcome.DEAD_LETTER);
    }

    @Test
    void aDeadLetterCanBeRedrivenAtOnce() {
        orders.publish(OrderEvent.paid("ord_13"));
        probe.awaits("order-events").group("ledger").deadLettered(1);

        ShopApplication.KNOWS_ALL_ACCOUNTS.set(true);
        assertThat(orders.admin().redriveAll("ledger")).isEqualTo(1);

        probe.awaits("order-events").group("ledger").handled(1);
    }

    @Test
    void waitsForHandlersThatTakeTooLongAndForWhatExpiresMeanwhile() {
        orders.publish(OrderEvent.paid("ord_far"));
        orders.publish(OutgoingMessage.of(OrderEvent.paid("ord_2")).timeToLive(Duration.ofMillis(1)));

        probe.awaits("order-events").group("courier").timedOut(1).expired(1).handled(1);
    }

    @Test
    void countsWhatIsFilteredAndDiscarded() {
        orders.publish(new OrderEvent("order.created", "ord_1"));
        orders.publish(OrderEvent.paid("ord_nowhere"));
        probe.awaits("order-events").group("shipping").filtered(1).discarded(1).handled(0);
    }

    @Test
    void figuresReadAfterwardsAgree() {
        for (int round = 1; round <= 50; round++) {
            orders.publishBatch(IntStream.range(0, 20)
                    .mapToObj(i -> OrderEvent.paid("ord_" + i))
                    .filter(event -> !event.orderId().equals("ord_13"))
                    .toList());
            probe.awaits("order-events").group("billing").handled(19 * round);

            GroupStats stats = orders.admin().stats().groups().get("billing");
            assertThat(stats.backlog()).as("round %d", round).isZero();
        }
    }

    @Test
    void countsAnewAfterAReset() {
        orders.publish(OrderEvent.paid("ord_1"));
        probe.awaits("order-events").group("billing").handled(1);

        probe.reset();
        probe.awaits("order-events").published(0);
        orders.replay("billing", Position.earliest());

        probe.awaits("order-events").group("billing").handled(1);
    }

    @Test
    void saysWhatWasSeenInstead() {
        orders.publish(OrderEvent.paid("ord_13"));
        probe.awaits("order-events").group("ledger").deadLettered(1);

        assertThatThrownBy(() -> probe.awaits("order-events")
                        .within(AT_ONCE)
                        .group("ledger")
                        .handled(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(
                        "group ledger of topic order-events: expected 1 handled within PT0.05S, but was 0",
                        "published by this application: 1",
                        "seen of the group: 2 retry, 1 dead-letter",
                        "attempt 3: java.lang.IllegalStateException: no account for ord_13",
                        "in Redis now: GroupStats[lag=0, pending=0, parked=0, deadLetters=1");
    }

    @Test
    void moreThanExpectedIsAFailureToo() {
        orders.publishBatch(List.of(OrderEvent.paid("ord_1"), OrderEvent.paid("ord_2")));
        probe.awaits("order-events").group("billing").handled(2);

        assertThatThrownBy(() -> probe.awaits("order-events").group("billing").handled(1))
                .hasMessageContaining("expected 1 handled within PT10S, but was 2");
        assertThatThrownBy(() -> probe.awaits("order-events").published(1))
                .hasMessageContaining("topic order-events: expected 1 published within PT10S, but was 2");
    }

    @Test
    void namesWhatThereIsWhereAGroupOrTopicIsUnknown() {
        assertThatThrownBy(() -> probe.awaits("order-events")
                        .group("biling")
                        .within(AT_ONCE)
                        .handled(1))
                .hasMessageContaining("no such group, but [billing, courier, ledger, shipping]");
        assertThatThrownBy(() -> probe.awaits("order-event")
                        .within(AT_ONCE)
                        .group("billing")
                        .handled(1))
                .hasMessageContaining("not opened the topic, but [order-events]");
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> probe.awaits("order-events").published(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 0 but was -1");
        assertThatThrownBy(() -> probe.awaits("order-events").within(Duration.ofDays(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between 0s and 1d but was PT48H");
        orders.publish(OrderEvent.paid("ord_1"));
        assertThatThrownBy(() -> probe.awaits("order-events").published(1, String.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("java.lang.String", "OrderEvent");
    }
}
