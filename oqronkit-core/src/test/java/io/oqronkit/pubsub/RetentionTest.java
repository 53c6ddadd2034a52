package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.oqronkit.pubsub.Retention.CapAction;
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

    @Test
    void abandonsAGroupAfterAMinuteToAYearOfSilence() {
        Retention retention = Retention.of(null, 5);

        assertThat(retention.abandonAfter()).isEqualTo(Duration.ofDays(7));
        assertThat(retention.abandonAfter(Duration.ofMinutes(1)))
                .isNotEqualTo(retention)
                .hasToString("max-age=none,max-count=5,abandon-after=1m");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retention.abandonAfter(Duration.ofSeconds(59)))
                .withMessage("retention.abandon-after must be between 1m and 365d but was 59s");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retention.abandonAfter(Duration.ofDays(366)))
                .withMessage("retention.abandon-after must be between 1m and 365d but was 366d");
    }

    @Test
    void hasACapThatIsNotBelowTheCount() {
        Retention retention = Retention.of(null, 5).cap(5, CapAction.DROP_OLDEST);

        assertThat(Retention.forever().cap()).isEmpty();
        assertThat(retention.cap(CapAction.DROP_OLDEST)).hasValue(5);
        assertThat(retention.cap(CapAction.REJECT)).isEmpty();
        assertThat(retention.unfinished(Retention.Unfinished.DROP).cap()).isPresent();
        assertThat(retention).hasToString("max-age=none,max-count=5,cap=5:drop-oldest");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retention.cap(4, CapAction.REJECT))
                .withMessage("retention.cap must not be below retention.max-count but was 4 and 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Retention.forever().cap(0, CapAction.REJECT))
                .withMessage("retention.cap must be between 1 and 1000000000000 but was 0");
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
