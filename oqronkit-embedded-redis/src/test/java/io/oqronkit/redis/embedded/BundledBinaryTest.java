package io.oqronkit.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundledBinaryTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-amd64",
        "Linux, aarch64, linux-arm64",
        "Mac OS X, x86_64, darwin-amd64",
        "Mac OS X, aarch64, darwin-arm64"
    })
    void hasAServerForTheUsualMachines(String osName, String osArch, String platform) {
        assertThat(BundledBinary.platform(osName, osArch)).isEqualTo(platform);
        assertThat(BundledBinary.resource(platform))
                .hasValueSatisfying(resource ->
                        assertThat(BundledBinary.class.getResource(resource)).isNotNull());
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, s390x"})
    void hasNoneForOthers(String osName, String osArch) {
        assertThat(BundledBinary.resource(BundledBinary.platform(osName, osArch)))
                .isEmpty();
    }
}
