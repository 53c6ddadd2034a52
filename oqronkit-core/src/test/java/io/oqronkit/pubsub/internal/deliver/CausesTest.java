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
}
