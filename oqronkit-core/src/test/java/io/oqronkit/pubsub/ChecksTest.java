package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.25S, 250ms",
        "PT1.5S, 1500ms",
        "PT30S, 30s",
        "PT90S, 90s",
        "PT10M, 10m",
        "PT36H, 36h",
        "P7D, 7d",
        ", null"
    })
    void durationsAreShownAsPeopleWriteThem(Duration duration, String text) {
        assertThat(Checks.text(duration)).isEqualTo(text);
    }
}
