package io.oqronkit.pubsub.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CausesTest {

    @Test
    void nameClassAndMessage() {
        assertThat(Causes.of(new IllegalStateException("closed"))).isEqualTo("java.lang.IllegalStateException: closed");
        assertThat(Causes.of(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void haveAtMostAThousandCharacters() {
        assertThat(Causes.of(new IllegalStateException("x".repeat(5000)))).hasSize(1000);
    }

    /** Else a message could write a log line that looks like ours. */
    @Test
    void areOneLineWhateverTheMessageHolds() {
        String forged = "no\r\nWARN io.oqronkit.pubsub.audit : delete by=alice\u001b[2J\u2028end";

        assertThat(Causes.of(new IllegalStateException(forged)))
                .isEqualTo(
                        "java.lang.IllegalStateException: no WARN io.oqronkit.pubsub.audit : delete by=alice [2J end");
        assertThat(Causes.shortened(forged)).doesNotContainPattern("[\\p{Cntrl}\\u2028]");
    }
}
