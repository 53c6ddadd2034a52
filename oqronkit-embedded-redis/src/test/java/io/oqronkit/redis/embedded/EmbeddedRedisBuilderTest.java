package io.oqronkit.redis.embedded;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedRedisBuilderTest {

    private final EmbeddedRedis.Builder builder = EmbeddedRedis.builder();

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void refusesAPortOutOfBounds(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.port(port))
                .withMessage("port must be from 0 to 65535, was " + port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"port", "dir", "bind", "requirepass", "", "--save", "two words"})
    void refusesASettingThatIsItsOwnOrNoName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.setting(name, "1"))
                .withMessageContaining("was '" + name + "'");
    }

    @Test
    void refusesAValueOfSeveralLines() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.setting("maxmemory", "1mb\nport 1"))
                .withMessageContaining("maxmemory must be one line");
    }
}
