package io.oqronkit.pubsub.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.MessageHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5 * MS); // nanoTime may overflow

    @Test
    void spreadsTurnsEvenly() {
        Pace pace = new Pace(100, clock::get);
        List<Long> waits = new ArrayList<>();

        for (int turn = 0; turn < 4; turn++) {
            waits.add(pace.nanosUntilTurn());
        }

        assertThat(waits).containsExactly(0L, 10 * MS, 20 * MS, 30 * MS);
    }

    @Test
    void givesTheTurnAtOnceWhenItIsDue() {
        Pace pace = new Pace(100, clock::get);

        assertThat(pace.nanosUntilTurn()).isZero();
        clock.addAndGet(4 * MS);
        assertThat(pace.nanosUntilTurn()).isEqualTo(6 * MS);
        clock.addAndGet(16 * MS);
        assertThat(pace.nanosUntilTurn()).isZero();
    }

    @Test
    void doesNotMakeUpForTurnsNobodyTook() {
        Pace pace = new Pace(100, clock::get);
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));

        assertThat(pace.nanosUntilTurn()).isZero();
        assertThat(pace.nanosUntilTurn()).isEqualTo(10 * MS);
    }

    @Test
    void leavesTheHandlerAloneWithoutALimit() {
        MessageHandler<String> handler = context -> {};

        assertThat(Pace.atMost(OptionalInt.empty(), handler)).isSameAs(handler);
    }
}
