package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.spring.GuideExamples.OrderEvent;
import io.oqronkit.pubsub.spring.GuideExamples.StreamBridge;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The bridge of the migration page copies each record of an old stream once, also if it forgot where it stood. */
class StreamBridgeIT {

    @Test
    void copiesEachRecordOnce() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            new ApplicationContextRunner()
                    .withConfiguration(
                            AutoConfigurations.of(DataRedisAutoConfiguration.class, PubSubAutoConfiguration.class))
                    .withPropertyValues("spring.data.redis.url=" + guideUserWhoseOldStreamThisIs(server))
                    .run(context -> {
                        StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
                        Topic<OrderEvent> orders = context.getBean(PubSub.class).topic("orders", OrderEvent.class);
                        StreamBridge bridge = new StreamBridge(redis, orders);
                        add(redis, "ord_1");
                        add(redis, "ord_2");

                        assertThat(bridge.copy()).isTrue();
                        assertThat(bridge.copy()).isFalse();
                        assertThat(orders.admin().stats().messages()).isEqualTo(2);

                        add(redis, "ord_3");
                        redis.delete("old-orders:bridged");
                        assertThat(bridge.copy()).isTrue();
                        assertThat(orders.admin().stats().messages()).isEqualTo(3);
                    });
        }
    }

    private static String guideUserWhoseOldStreamThisIs(EmbeddedRedis server) {
        return server.addUser(
                GuideUsers.APP, GuideUsers.PASSWORD, GuideUsers.rules(GuideUsers.APP) + " ~old-orders ~old-orders:*");
    }

    private static void add(StringRedisTemplate redis, String orderId) {
        redis.opsForStream().add("old-orders", Map.of("event", "order.paid", "orderId", orderId, "amount", "99.5"));
    }
}
