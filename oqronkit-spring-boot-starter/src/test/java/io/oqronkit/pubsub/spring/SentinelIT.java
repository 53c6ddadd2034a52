package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** With nothing set but where the Sentinels are, as the user of the guide. */
class SentinelIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    static final class Handler {
        final List<String> handled = new CopyOnWriteArrayList<>();

        @OqronSubscriber(topic = "orders", group = "billing")
        void on(String order) {
            handled.add(order);
        }
    }

    @Test
    void theApplicationGoesOnWhenTheMasterAndTheFirstSentinelFreeze() {
        try (EmbeddedSentinel redis = EmbeddedSentinel.start()) {
            GuideUsers.app(redis);
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            DataRedisAutoConfiguration.class,
                            PubSubAutoConfiguration.class,
                            PubSubHealthAutoConfiguration.class))
                    .withBean(Handler.class)
                    .withPropertyValues(
                            "spring.data.redis.username=" + GuideUsers.APP,
                            "spring.data.redis.password=" + GuideUsers.PASSWORD,
                            "spring.data.redis.sentinel.master=" + redis.masterName(),
                            "spring.data.redis.sentinel.nodes=" + String.join(",", redis.nodes()))
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        List<String> handled = context.getBean(Handler.class).handled;
                        Topic<String> orders = context.getBean(PubSub.class).topic("orders", String.class);
                        HealthIndicator health = context.getBean("pubsubHealthContributor", HealthIndicator.class);
                        orders.publish("before");
                        await().atMost(SOON).until(() -> handled.equals(List.of("before")));
                        await().atMost(SOON)
                                .until(() -> health.health().getDetails().containsKey("durabilityWarning"));
                        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

                        redis.master().pause();
                        redis.sentinels().get(0).pause();
                        orders.publish("after");

                        await().atMost(SOON).until(() -> handled.contains("after"));
                        await().atMost(SOON)
                                .until(() -> health.health().getStatus().equals(Status.UP));
                    });
        }
    }
}
