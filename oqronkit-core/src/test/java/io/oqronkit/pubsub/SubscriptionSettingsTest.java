package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SubscriptionSettingsTest {

    @Test
    void defaultsAreThoseOfTheGuide() {
        SubscriptionSettings settings = SubscriptionSettings.resolve(GroupSettings.none(), DeadLetterPolicy.defaults());

        assertThat(settings)
                .isEqualTo(new SubscriptionSettings(
                        1,
                        ConsumerMode.COMPETING,
                        AckMode.AUTO,
                        Position.latest(),
                        5,
                        AfterRetries.DEAD_LETTER,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Backoff.of(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0.2),
                        RetryRule.always(),
                        100,
                        true));
        assertThat(settings.maxAttempts()).isEqualTo(6);
        assertThat(settings)
                .hasToString(
                        "concurrency=1 mode=competing ack-mode=auto start-from=latest max-retries=5"
                                + " after-retries=dead-letter ack-deadline=30s max-processing-time=10m backoff=1s*2.0..1m~0.2 retry=always batch-size=100 dead-letters=true");
    }

    @Test
    void whatIsSetWinsOverTheTopicsPolicy() {
        GroupSettings set = SubscriptionSpec.group("g").maxRetries(2).settings();

        assertThat(SubscriptionSettings.resolve(set, DeadLetterPolicy.afterRetries(9))
                        .maxRetries())
                .isEqualTo(2);
        assertThat(SubscriptionSettings.resolve(GroupSettings.none(), DeadLetterPolicy.afterRetries(9))
                        .maxRetries())
                .isEqualTo(9);
        assertThat(SubscriptionSettings.resolve(set, DeadLetterPolicy.disabled())
                        .deadLetters())
                .isFalse();
    }

    @Test
    void sourcesAreMergedOneByOne() {
        GroupSettings first = SubscriptionSpec.group("g").concurrency(3).settings();
        GroupSettings second =
                SubscriptionSpec.group("g").concurrency(9).maxRetries(1).settings();

        assertThat(first.orElse(second).concurrency()).isEqualTo(3);
        assertThat(first.orElse(second).maxRetries()).isEqualTo(1);
        assertThat(GroupSettings.none().orElse(GroupSettings.none())).isEqualTo(GroupSettings.none());
    }

    @Test
    void refusesAnAckDeadlineLongerThanTheMaximumProcessingTime() {
        GroupSettings set = SubscriptionSpec.group("g")
                .ackDeadline(Duration.ofMinutes(2))
                .maxProcessingTime(Duration.ofMinutes(1))
                .settings();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSettings.resolve(set, DeadLetterPolicy.defaults()))
                .withMessage("ack-deadline must not be longer than max-processing-time but was 2m and 1m");
    }

    @Test
    void refusesAMaximumProcessingTimeBelowTheDefaultAckDeadline() {
        GroupSettings set = SubscriptionSpec.group("g")
                .maxProcessingTime(Duration.ofSeconds(29))
                .settings();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSettings.resolve(set, DeadLetterPolicy.defaults()))
                .withMessage("ack-deadline must not be longer than max-processing-time but was 30s and 29s");
    }

    @Test
    void refusesValuesOutOfBoundsWhereverTheyComeFrom() {
        GroupSettings noWorkers = GroupSettings.none().concurrency(0);
        GroupSettings tooManyRetries = GroupSettings.none().maxRetries(1001);
        GroupSettings shortDeadline = GroupSettings.none().ackDeadline(Duration.ofMillis(10));

        refuses(noWorkers, "concurrency must be between 1 and 1000 but was 0");
        refuses(tooManyRetries, "max-retries must be between 0 and 1000 but was 1001");
        refuses(GroupSettings.none().batchSize(1001), "batch-size must be between 1 and 1000 but was 1001");
        refuses(shortDeadline, "ack-deadline must be between 1s and 1h but was 10ms");
    }

    private static void refuses(GroupSettings set, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SubscriptionSettings.resolve(set, DeadLetterPolicy.defaults()))
                .withMessage(message);
    }
}
