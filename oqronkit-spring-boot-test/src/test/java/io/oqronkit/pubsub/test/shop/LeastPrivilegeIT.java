package io.oqronkit.pubsub.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** As whom the tests of this module run: the application may do no more than the guide says. */
@OqronTest
class LeastPrivilegeIT {

    @Test
    void everyConnectionOfTheApplicationIsTheUserOfTheGuide(
            @Autowired EmbeddedRedis redis, @Autowired Topic<OrderEvent> orders, PubSubProbe probe) {
        orders.publish(OrderEvent.paid("ord_1"));
        probe.awaits("order-events").group("billing").handled(1);

        try (RedisClient client = RedisClient.create(redis.uri())) {
            RedisCommands<String, String> administrator = client.connect().sync();
            String own = "id=" + administrator.clientId() + " ";

            assertThat(administrator.clientList().lines().filter(connection -> !connection.startsWith(own)))
                    .isNotEmpty()
                    .allMatch(connection -> connection.contains(" user=" + GuideUsers.APP + " "));
        }
    }
}
