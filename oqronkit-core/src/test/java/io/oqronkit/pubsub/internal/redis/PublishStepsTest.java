package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PublishStepsTest {

    /** Never early. */
    @Test
    void timesAreRoundedUpToAMillisecond() {
        assertThat(PublishSteps.in(Duration.ofNanos(1_000_001))).isEqualTo(Bytes.of("+2"));
        assertThat(PublishSteps.in(Duration.ofMillis(2))).isEqualTo(Bytes.of("+2"));
        assertThat(PublishSteps.at(Instant.ofEpochSecond(1, 1))).isEqualTo(Bytes.of("1001"));
        assertThat(PublishSteps.at(Instant.ofEpochSecond(1))).isEqualTo(Bytes.of("1000"));
    }

    @Test
    void timesBefore1970ArePast() {
        assertThat(PublishSteps.at(Instant.MIN.plusSeconds(1))).isEqualTo(Bytes.of("0"));
    }
}
