package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerCheckTest {

    @ParameterizedTest
    @CsvSource({"5.0.14, true", "6.0.16, true", "6.2.0, false", "7.0.15, false", "8.0.6, false", "10.1, false"})
    void takesRedis62AndNewer(String version, boolean tooOld) {
        assertThat(ServerCheck.isOlderThan62(version)).isEqualTo(tooOld);
    }

    @ParameterizedTest
    @CsvSource({"unknown", "x.y.z", "255.255.255"})
    void givesAnUnknownVersionTheBenefitOfTheDoubt(String version) {
        assertThat(ServerCheck.isOlderThan62(version)).isFalse();
    }
}
