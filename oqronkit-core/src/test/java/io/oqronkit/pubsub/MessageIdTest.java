package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0:1767225600123-1",
                "0:0-0",
                "1023:1767225600123-999999999999999999",
                "0:1767225600123--1767225600000001"
            })
    void isReadAsItIsWritten(String text) {
        assertThat(MessageId.parse(text)).hasToString(text);
        assertThat(MessageId.parse(MessageId.parse(text).toString())).isEqualTo(MessageId.parse(text));
    }

    @Test
    void tellsItsParts() {
        MessageId id = MessageId.parse("3:1767225600123-42");

        assertThat(id).isEqualTo(new MessageId(3, Instant.ofEpochMilli(1_767_225_600_123L), 42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1-2", "0:1", "0:1-", "-1:1-2", "0:1-2 ", "0:x-2", "0:1-1234567890123456789"})
    void refusesOtherForms(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageId.parse(text))
                .withMessage("message id '%s' is not of the form <partition>:<epoch millis>-<offset>", text);
    }

    @Test
    void refusesANegativePartitionAndMissingParts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MessageId(-1, Instant.EPOCH, 1))
                .withMessage("partition must be between 0 and 2147483647 but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MessageId(0, null, 1))
                .withMessage("publishedAt must not be null");
    }

    @Test
    void isOrderedByPartitionThenOffset() {
        MessageId first = MessageId.parse("0:9-7");
        MessageId second = MessageId.parse("1:1-1");
        MessageId third = MessageId.parse("1:1-2");

        assertThat(List.of(third, first, second).stream().sorted()).containsExactly(first, second, third);
    }
}
