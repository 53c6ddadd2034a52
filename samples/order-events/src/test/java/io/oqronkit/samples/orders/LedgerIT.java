package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The example of the guide's page on testing. */
@OqronTest(properties = "oqronkit.pubsub.topics.order-events.groups.ledger.backoff.initial=10ms")
class LedgerIT {

    @Autowired
    private Topic<OrderEvent> orders;

    @Test
    void booksWhatIsPaid(PubSubProbe probe) {
        orders.publish(new OrderEvent("order.paid", "ord_1", 99.5));

        probe.awaits("order-events").published(1);
        probe.awaits("order-events").group("ledger").handled(1);
    }

    @Test
    void keepsWhatItHasNoAccountFor(PubSubProbe probe) {
        orders.publish(new OrderEvent("order.paid", "ord_13", 10));

        assertThat(probe.awaits("order-events").group("ledger").retried(3).deadLettered(1))
                .extracting(DeadLetter::cause)
                .containsExactly("java.lang.IllegalStateException: the ledger knows no account for ord_13");
    }
}
