package io.oqronkit.pubsub.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailurePolicyTest {

    private static final Backoff BACKOFF = Backoff.of(Duration.ofSeconds(1), 2, Duration.ofSeconds(5), 0.2);

    /** An empty delay means: give up. */
    @ParameterizedTest
    @CsvSource({
        // max attempts, attempt, asked for, decision
        "6, 1, ,     PT1S",
        "6, 2, ,     PT2S",
        "6, 3, ,     PT4S",
        "6, 5, ,     PT5S",
        "6, 6, ,     ",
        "6, 7, ,     ",
        "6, 1, PT0S, PT0S",
        "6, 5, PT9H, PT9H",
        "6, 6, PT9H, ",
        "1, 1, ,     ",
        "1, 1, PT1S, "
    })
    void decidesBetweenRetryAndGivingUp(int maxAttempts, int attempt, Duration wanted, Duration decision) {
        FailurePolicy policy = new FailurePolicy(maxAttempts, BACKOFF, failure -> true, () -> 0.5);

        assertThat(policy.retryAfter(attempt, wanted).orElse(null)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({"3, 1, false", "3, 3, false", "3, 4, true", "1, 1, false", "1, 2, true"})
    void knowsAttemptsBeyondTheLast(int maxAttempts, int attempt, boolean exhausted) {
        assertThat(new FailurePolicy(maxAttempts, BACKOFF, failure -> true, () -> 0.5).isExhausted(attempt))
                .isEqualTo(exhausted);
    }

    @Test
    void asksTheRandomSourceForTheJitter() {
        assertThat(new FailurePolicy(6, BACKOFF, failure -> true, () -> 0).retryAfter(1, null))
                .contains(Duration.ofMillis(800));
        assertThat(new FailurePolicy(6, BACKOFF, failure -> true, () -> 0.75).retryAfter(1, null))
                .contains(Duration.ofMillis(1100));
    }

    @Test
    void givesUpAtOnceWhatIsNotWorthARetry() {
        FailurePolicy policy =
                new FailurePolicy(6, BACKOFF, failure -> !(failure instanceof IllegalStateException), () -> 0.5);

        assertThat(policy.retryAfterFailure(1, new IllegalStateException())).isEmpty();
        assertThat(policy.retryAfterFailure(1, new IllegalArgumentException())).contains(Duration.ofSeconds(1));
        assertThat(policy.retryAfterFailure(6, new IllegalArgumentException())).isEmpty();
    }
}
