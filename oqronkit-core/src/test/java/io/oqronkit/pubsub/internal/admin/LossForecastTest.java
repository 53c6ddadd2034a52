package io.oqronkit.pubsub.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.Retention.Unfinished;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Figures;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Outlook;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The oldest unfinished message is 10 minutes old and has 100 messages from it on; 60 were published in a minute. */
class LossForecastTest {

    private static final Outlook OUTLOOK = new Outlook(Duration.ofMinutes(10), 100, 60, Duration.ofMinutes(1));

    static Stream<Arguments> forecasts() {
        Retention age = Retention.of(Duration.ofMinutes(15), null);
        Retention count = Retention.of(null, 159);
        Retention both = Retention.of(Duration.ofMinutes(15), 159);
        return Stream.of(
                arguments("kept", both, false, null),
                arguments("no limit", Retention.forever().unfinished(Unfinished.DROP), false, null),
                arguments("age", age.unfinished(Unfinished.DROP), false, Duration.ofMinutes(5)),
                arguments("count", count.unfinished(Unfinished.DROP), false, Duration.ofMinutes(1)),
                arguments("the sooner of both", both.unfinished(Unfinished.DROP), false, Duration.ofMinutes(1)),
                arguments("abandoned", age, true, Duration.ofMinutes(5)),
                arguments("a cap that drops", age.cap(219, CapAction.DROP_OLDEST), false, Duration.ofMinutes(2)),
                arguments("a cap that rejects", age.cap(219, CapAction.REJECT), false, null),
                arguments(
                        "due",
                        Retention.of(Duration.ofMinutes(1), null).unfinished(Unfinished.DROP),
                        false,
                        Duration.ZERO),
                arguments("over the count", Retention.of(null, 99).unfinished(Unfinished.DROP), false, Duration.ZERO));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forecasts")
    void tellsHowLongUntilTheFirstLoss(String name, Retention retention, boolean abandoned, Duration expected) {
        assertThat(new LossForecast(retention, 1).timeToLoss(figures(abandoned, OUTLOOK)))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void countsTheShareOfThePartition() {
        Retention retention = Retention.of(null, 4 * 159).unfinished(Unfinished.DROP);

        assertThat(new LossForecast(retention, 4).timeToLoss(figures(false, OUTLOOK)))
                .contains(Duration.ofMinutes(1));
    }

    @Test
    void cannotTellByCountWhileNothingIsPublished() {
        Retention retention = Retention.of(null, 159).unfinished(Unfinished.DROP);
        Outlook quiet = new Outlook(Duration.ofMinutes(10), 100, 0, Duration.ofMinutes(1));

        assertThat(new LossForecast(retention, 1).timeToLoss(figures(false, quiet)))
                .isEmpty();
    }

    @Test
    void hasNothingToTellOfAGroupThatHasFinished() {
        Retention retention = Retention.of(null, 1).unfinished(Unfinished.DROP);

        assertThat(new LossForecast(retention, 1).timeToLoss(Figures.NONE)).isEmpty();
    }

    private static Figures figures(boolean abandoned, Outlook outlook) {
        return new Figures(100, 0, 0, 0, 0, Set.of(), false, abandoned, Optional.of(outlook));
    }
}
