package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "6, 32", "7, 60", "8, 60", "1000, 60", "0, 1"})
    void growsByTheMultiplierUpToTheMaximum(int retry, long seconds) {
        Backoff backoff = Backoff.of(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), 0);

        assertThat(backoff.delayBefore(retry, 0.99)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.0, 800", "0.2, 0.5, 1000", "0.2, 0.75, 1100", "1, 0.0, 0", "0, 0.0, 1000"})
    void spreadsTheDelayByTheJitter(double jitter, double random, long millis) {
        Backoff backoff = Backoff.of(Duration.ofSeconds(1), 2, Duration.ofSeconds(60), jitter);

        assertThat(backoff.delayBefore(1, random)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void staysConstantWithMultiplierOne() {
        Backoff backoff = Backoff.of(Duration.ofMillis(250), 1, Duration.ofMillis(250), 0);

        assertThat(backoff.delayBefore(100, 0)).isEqualTo(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT0S   | 2    | PT60S  | 0.2 | backoff.initial must be between 1ms and 1d but was 0s",
                "PT25H  | 2    | PT30H  | 0.2 | backoff.initial must be between 1ms and 1d but was 25h",
                "PT1S   | 2    | PT169H | 0.2 | backoff.max must be between 1ms and 7d but was 169h",
                "PT1S   | 0.99 | PT60S  | 0.2 | backoff.multiplier must be between 1 and 100 but was 0.99",
                "PT1S   | 101  | PT60S  | 0.2 | backoff.multiplier must be between 1 and 100 but was 101.0",
                "PT1S   | NaN  | PT60S  | 0.2 | backoff.multiplier must be between 1 and 100 but was NaN",
                "PT1S   | 2    | PT60S  | 1.1 | backoff.jitter must be between 0 and 1 but was 1.1",
                "PT1S   | 2    | PT60S  | NaN | backoff.jitter must be between 0 and 1 but was NaN",
                "PT61S  | 2    | PT60S  | 0.2 | backoff.initial must not be longer than backoff.max but was 61s and 1m"
            })
    void refusesValuesOutOfBounds(Duration initial, double multiplier, Duration max, double jitter, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.of(initial, multiplier, max, jitter))
                .withMessage(message);
    }

    @Test
    void refusesMissingValues() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.of(null, 2, Duration.ofSeconds(1), 0))
                .withMessage("backoff.initial must be between 1ms and 1d but was null");
    }
}
