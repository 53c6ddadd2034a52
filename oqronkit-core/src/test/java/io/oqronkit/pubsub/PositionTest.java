package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("earliest", Position.earliest()),
                Arguments.of("EARLIEST", Position.earliest()),
                Arguments.of(" latest ", Position.latest()),
                Arguments.of("1", Position.offset(1)),
                Arguments.of("42000", Position.offset(42_000)),
                Arguments.of("999999999999999999", Position.offset(999_999_999_999_999_999L)),
                Arguments.of("2026-01-01T00:00:00Z", Position.timestamp(Instant.parse("2026-01-01T00:00:00Z"))));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void readsWhatPeopleWriteIntoConfiguration(String text, Position position) {
        assertThat(Position.parse(text)).isEqualTo(position);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void isWrittenAsItIsRead(String text, Position position) {
        assertThat(Position.parse(position.toString())).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "first", "-1", "1.5", "2026-01-01", "9999999999999999999"})
    void refusesOtherTextsAndSaysWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse(text))
                .withMessage(
                        "position '%s' is not one of: earliest, latest, an offset such as 42000,"
                                + " an ISO-8601 instant such as 2026-01-01T00:00:00Z",
                        text);
    }

    @Test
    void refusesOffsetsBelowOne() {
        String message = "offset must be between 1 and 9223372036854775807 but was 0";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.offset(0))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse("0"))
                .withMessage(message);
    }

    @Test
    void refusesTheIdOfAMessageThatHasNotEnteredTheLog() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.after(MessageId.parse("0:1767225600123--7")))
                .withMessage("offset of id must be between 0 and 9223372036854775807 but was -7");
    }

    @Test
    void refusesMissingParts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.timestamp(null))
                .withMessage("instant must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.after(null))
                .withMessage("id must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.parse(null))
                .withMessage("position must not be null");
    }
}
