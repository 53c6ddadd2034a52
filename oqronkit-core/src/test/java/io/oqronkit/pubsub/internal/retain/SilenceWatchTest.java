package io.oqronkit.pubsub.internal.retain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SilenceWatchTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // a steady clock may run over
    private final SilenceWatch watch = new SilenceWatch(clock::get);

    @Test
    void believesASilenceThatLastsTenMinutes() {
        watch.saw(List.of("away"));
        after(Duration.ofMinutes(10).minusNanos(1));
        assertThat(watch.seenBefore()).isEmpty();

        watch.saw(List.of("away"));
        after(Duration.ofNanos(1));
        assertThat(watch.seenBefore()).containsExactly("away");
    }

    @Test
    void beginsAnewForAGroupThatWasHeardMeanwhile() {
        watch.saw(List.of("away", "gone"));
        after(Duration.ofMinutes(5));
        watch.saw(List.of("gone"));
        watch.saw(List.of("away", "gone"));
        after(Duration.ofMinutes(5));

        assertThat(watch.seenBefore()).containsExactly("gone");
    }

    private void after(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
