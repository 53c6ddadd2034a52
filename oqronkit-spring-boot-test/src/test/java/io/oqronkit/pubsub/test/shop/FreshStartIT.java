package io.oqronkit.pubsub.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicStats;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;

/** What a test leaves behind, and what the next one finds. */
@OqronTest
@TestMethodOrder(OrderAnnotation.class)
class FreshStartIT {

    @Autowired
    private Topic<OrderEvent> orders;

    @Test
    @Order(1)
    void leavesMuchBehind(PubSubProbe probe) {
        orders.publish(OrderEvent.paid("ord_13"));
        orders.publish(OrderEvent.paid("ord_far"));
        orders.publish(OutgoingMessage.of(OrderEvent.paid("ord_2")).delay(Duration.ofSeconds(2)));
        probe.awaits("order-events").group("ledger").deadLettered(1);
        orders.admin().pause("shipping");
    }

    @Test
    @Order(2)
    void findsNothingOfIt(PubSubProbe probe) {
        TopicStats stats = orders.admin().stats();
        assertThat(stats.messages()).isZero();
        assertThat(stats.scheduled()).isZero();
        assertThat(stats.groups().values()).allSatisfy(group -> {
            assertThat(group.backlog()).isZero();
            assertThat(group.deadLetters()).isZero();
            assertThat(group.paused()).isFalse();
        });

        orders.publish(OrderEvent.paid("ord_1"));

        probe.awaits("order-events").published(1);
        probe.awaits("order-events").group("shipping").handled(1);
        probe.awaits("order-events").group("ledger").handled(1).failed(0);
        probe.awaits("order-events").group("courier").handled(1).timedOut(0); // that of the first test has ended, too
    }
}
