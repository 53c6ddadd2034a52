package io.oqronkit.benchmarks;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void isContentWithEachMessageOnceForEachGroup() throws Exception {
        Tally tally = Tally.of(3, 2);
        IntStream.of(0, 0, 1, 2, 1, 2).mapToObj(Event::at).forEach(tally);

        tally.await();
        tally.check();
    }

    @Test
    void refusesOneTooMany() {
        Tally tally = Tally.of(3, 1);
        IntStream.of(0, 1, 2, 2).mapToObj(Event::at).forEach(tally);

        assertThatIllegalStateException().isThrownBy(tally::check).withMessageContaining("4 messages instead of 3");
    }

    @Test
    void refusesOneTwiceInPlaceOfAnother() {
        Tally tally = Tally.of(3, 1);
        IntStream.of(0, 1, 1).mapToObj(Event::at).forEach(tally);

        assertThatIllegalStateException().isThrownBy(tally::check).withMessageContaining("in another's place");
    }
}
