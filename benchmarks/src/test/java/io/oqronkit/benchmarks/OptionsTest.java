package io.oqronkit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void stepsAreChosenByTheBeginningOfTheirNames() {
        Options options = Options.parse("--only", "publish,drain", "--rounds", "3");

        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.runs("publish-sync-16")).isTrue();
        assertThat(options.runs("fan-out")).isFalse();
        assertThat(Options.parse().runs("fan-out")).isTrue();
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--round", "3"))
                .withMessageContaining("--round")
                .withMessageContaining("--rounds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--rounds"))
                .withMessage("--rounds needs a value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--messages", "many"))
                .withMessage("--messages must be a number but was 'many'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--aof", "never"))
                .withMessage("--aof must be everysec, always or no but was never");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse("--messages", "10"))
                .withMessageContaining("from 300 to 10,000,000 but was 10");
    }

    @Test
    void everyEventHasTheSizeThatIsReported() {
        for (int place : new int[] {0, 1, 8_999, 9_000, 123_456, 5_000_000}) {
            assertThat(Event.at(place).encode()).hasSize(Event.BYTES);
            assertThat(Event.decode(Event.at(place).encode())).isEqualTo(Event.at(place));
        }
    }
}
