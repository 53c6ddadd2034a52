package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurabilityTest {

    @ParameterizedTest
    @ValueSource(strings = {"memory", "replicas(1)", "replicas(10)"})
    void isReadAsItIsWritten(String text) {
        assertThat(Durability.parse(text)).hasToString(text);
    }

    @Test
    void isReadInAnyCaseAndWithSpacesAround() {
        assertThat(Durability.parse(" Replicas(2) ")).isEqualTo(Durability.replicas(2));
        assertThat(Durability.parse("MEMORY")).isEqualTo(Durability.memory());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "disk", "replicas", "replicas()", "replicas(0)", "replicas(11)", "replicas(-1)", "2"})
    void refusesOtherTextsAndSaysWhatIsAllowed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durability.parse(text))
                .withMessage("durability '%s' is not one of: memory, replicas(1) to replicas(10)", text);
    }

    @Test
    void refusesOtherNumbersOfReplicas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durability.replicas(0))
                .withMessage("durability replicas must be between 1 and 10 but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durability.replicas(11))
                .withMessage("durability replicas must be between 1 and 10 but was 11");
    }
}
