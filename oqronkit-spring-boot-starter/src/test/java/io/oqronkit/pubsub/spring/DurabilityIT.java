package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** From the property to the health of the application: a replica that is missing, and one that comes. */
class DurabilityIT {

    @Test
    void healthIsOutOfServiceUntilThereAreEnoughReplicas() {
        try (EmbeddedRedis master = EmbeddedRedis.start()) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            DataRedisAutoConfiguration.class,
                            PubSubAutoConfiguration.class,
                            PubSubHealthAutoConfiguration.class))
                    .withPropertyValues(
                            "spring.data.redis.url=" + GuideUsers.app(master),
                            "oqronkit.pubsub.durability=replicas(1)",
                            "oqronkit.pubsub.publish-timeout=200ms")
                    .run(context -> {
                        Topic<String> orders = context.getBean(PubSub.class).topic("orders", String.class);
                        HealthIndicator health = context.getBean("pubsubHealthContributor", HealthIndicator.class);
                        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

                        assertThatExceptionOfType(PublishOutcomeUnknownException.class)
                                .isThrownBy(() -> orders.publish("first"))
                                .withMessageContaining("0 of 1 replicas");
                        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                        assertThat(health.health().getDetails())
                                .containsEntry(
                                        "durability",
                                        "partition orders:0: 0 of 1 replicas had acknowledged it within 200 ms");

                        try (EmbeddedRedis replica = EmbeddedRedis.builder()
                                .setting("replicaof", master.host() + " " + master.port())
                                .start()) {
                            await().atMost(Duration.ofSeconds(20))
                                    .until(() -> health.health().getStatus().equals(Status.UP));
                            assertThat(replica.isRunning()).isTrue();
                            assertThat(orders.publish("second").offset()).isEqualTo(2);
                        }
                    });
        }
    }
}
