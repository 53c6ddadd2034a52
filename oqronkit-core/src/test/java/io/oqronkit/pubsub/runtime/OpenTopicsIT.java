package io.oqronkit.pubsub.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(EmbeddedRedisExtension.class)
class OpenTopicsIT {

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void areListedByNameAsTheyWereOpenedLast(EmbeddedRedis redis) {
        PubSub pubSub = pubSubs.open(redis);
        assertThat(pubSub.topics()).isEmpty();

        pubSub.topic("shipments", String.class);
        pubSub.topic(TopicSpec.of("orders", OrderEvent.class).partitions(2));
        Retention week = Retention.of(Duration.ofDays(7), null);
        Topic<OrderEvent> orders =
                pubSub.topic(TopicSpec.of("orders", OrderEvent.class).retention(week));
        orders.publish(OrderEvent.number(1));

        assertThat(pubSub.topics()).extracting(Topic::name).containsExactly("orders", "shipments");
        Topic<?> listed = pubSub.topics().get(0);
        assertThat(listed.spec().retention()).isEqualTo(week);
        assertThat(listed.partitions()).isEqualTo(2);
        assertThat(listed.admin().stats().messages()).isEqualTo(1);
    }
}
