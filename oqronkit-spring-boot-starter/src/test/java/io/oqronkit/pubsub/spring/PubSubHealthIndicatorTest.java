package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.SubscriptionState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** UP unless Redis is out of reach, a subscription wants to read and cannot, or replicas are missing. */
class PubSubHealthIndicatorTest {

    static class Handlers {
        @OqronSubscriber(topic = "orders", group = "billing")
        void bill(String order) {}

        @OqronSubscriber(topic = "orders", group = "analytics", autoStartup = "false")
        void analyse(String order) {}
    }

    @Test
    void namesEverySubscription() {
        run((pubSub, indicator) -> {
            Health health = indicator.health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry(
                            "subscriptions",
                            List.of(
                                    Map.of("topic", "orders", "group", "analytics", "state", "NOT_STARTED"),
                                    Map.of("topic", "orders", "group", "billing", "state", "RUNNING")));
        });
    }

    @Test
    void isDownWhileASubscriptionIsStalled() {
        run((pubSub, indicator) -> {
            pubSub.only().state = SubscriptionState.STALLED;

            Health health = indicator.health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails().toString()).contains("billing").contains("not connected to Redis");
        });
    }

    @Test
    void isDownWhileRedisIsOutOfReachAlsoIfNobodySubscribes() {
        run((pubSub, indicator) -> {
            pubSub.only().close();
            pubSub.redisOutage = "connection lost";

            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(indicator.health().getDetails()).containsEntry("redis", "connection lost");

            pubSub.durabilityShortfall = "0 of 1 replicas";
            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);

            pubSub.redisOutage = null;
            pubSub.durabilityShortfall = null;
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void isOutOfServiceWhileReplicasAreMissing() {
        run((pubSub, indicator) -> {
            pubSub.durabilityShortfall = "partition orders:0: 1 of 2 replicas";
            assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(indicator.health().getDetails())
                    .containsEntry("durability", "partition orders:0: 1 of 2 replicas");

            pubSub.only().state = SubscriptionState.STALLED;
            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);

            pubSub.only().state = SubscriptionState.RUNNING;
            pubSub.durabilityShortfall = null;
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void isUpAndWarnsIfADeposedMasterWouldGoOnWriting() {
        run((pubSub, indicator) -> {
            assertThat(indicator.health().getDetails()).doesNotContainKey("durabilityWarning");

            pubSub.durabilityWarning = "min-replicas-to-write is 0";

            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            assertThat(indicator.health().getDetails())
                    .containsEntry("durabilityWarning", "min-replicas-to-write is 0");
        });
    }

    @Test
    void isUpIfSomebodyPausedOrClosed() {
        run((pubSub, indicator) -> {
            pubSub.only().pause();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            assertThat(indicator.health().getDetails().toString()).contains("PAUSED");

            pubSub.only().close();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void isUpAndNamesGroupsThatRetentionNoLongerWaitsFor() {
        run((pubSub, indicator) -> {
            assertThat(indicator.health().getDetails()).doesNotContainKey("abandonedGroups");

            pubSub.abandonedGroups = Map.of("orders", Set.of("ledger"));

            assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
            assertThat(indicator.health().getDetails())
                    .containsEntry("abandonedGroups", Map.of("orders", Set.of("ledger")));
        });
    }

    @Test
    void canBeTurnedOff() {
        runner.withPropertyValues("management.health.pubsub.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean("pubsubHealthContributor"));
    }

    @ImportAutoConfiguration({PubSubAutoConfiguration.class, PubSubHealthAutoConfiguration.class})
    static class Application {}

    @Test
    void staysAwayWithoutTheHealthModule() {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .withUserConfiguration(Application.class)
                .withBean(RecordingPubSub.class, RecordingPubSub::new)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("pubsubHealthContributor"));
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(PubSubAutoConfiguration.class, PubSubHealthAutoConfiguration.class))
            .withBean(RecordingPubSub.class, RecordingPubSub::new)
            .withBean(Handlers.class);

    private void run(BiConsumer<RecordingPubSub, HealthIndicator> test) {
        runner.run(context -> {
            assertThat(context).hasNotFailed();
            test.accept(
                    context.getBean(RecordingPubSub.class),
                    context.getBean("pubsubHealthContributor", HealthIndicator.class));
        });
    }
}
