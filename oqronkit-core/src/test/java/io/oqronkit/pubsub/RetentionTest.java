package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {

    @Test
    void hasNoLimitByDefault() {
        assertThat(Retention.forever().maxAge()).isEmpty();
        assertThat(Retention.forever().maxCount()).isEmpty();
        assertThat(Retention.forever()).hasToString("max-age=none,max-count=none");
    }

    @Test
    void takesEitherLimitOrBoth() {
        Retention both = Retention.of(Duration.ofDays(7), 100_000);

        assertThat(both.maxAge()).contains(Duration.ofDays(7));
        assertThat(both.maxCount()).hasValue(100_000);
        assertThat(both)
                .isEqualTo(Retention.of(Duration.ofDays(7), 100_000L))
                .hasToString("max-age=7d,max-count=100000");
        assertThat(Retention.of(null, 5).maxAge()).isEmpty();
        assertThat(Retention.of(Duration.ofDays(1), null).maxCount()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT0.999S | 1             | retention.max-age must be between 1s and 36500d but was 999ms",
                "PT876001H| 1             | retention.max-age must be between 1s and 36500d but was 876001h",
                "PT1S     | 0             | retention.max-count must be between 1 and 1000000000000 but was 0",
                "PT1S     | 1000000000001 | retention.max-count must be between 1 and 1000000000000 but was 1000000000001"
            })
    void refusesValuesOutOfBounds(Duration maxAge, long maxCount, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Retention.of(maxAge, maxCount))
                .withMessage(message);
    }
}
