package io.oqronkit.pubsub.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.internal.redis.ScheduleSteps.Moved;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DueMoverTest {

    @Test
    void sleepsWhileNothingIsScheduled() {
        assertThat(DueMover.pauseMs(new Moved(0, 0, 1_000, OptionalLong.empty())))
                .isEqualTo(DueMover.ASLEEP);
    }

    @ParameterizedTest
    @CsvSource({"1300, 300", "1500, 500", "9999, 500", "1000, 0", "500, 0"})
    void looksWhenTheNextOneIsDueButAtLeastTwiceASecond(long nextMs, long pauseMs) {
        assertThat(DueMover.pauseMs(new Moved(0, 0, 1_000, OptionalLong.of(nextMs))))
                .isEqualTo(pauseMs);
    }
}
