package io.oqronkit.pubsub.internal.admin;

import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.Unfinished;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Figures;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Outlook;
import io.oqronkit.pubsub.internal.redis.Shares;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How soon a group loses a message to the limits of its topic; the formula stands at {@code GroupStats}. Immutable. */
final class LossForecast {

    private final Retention retention;
    private final Shares shares;

    LossForecast(Retention retention, int partitions) {
        this.retention = retention;
        this.shares = Shares.of(retention, partitions);
    }

    /** Whether limits drop what a group has not finished even if it is not abandoned. */
    boolean mayDrop() {
        return retention.unfinished() == Unfinished.DROP || shares.dropOldest().isPresent();
    }

    /** On one partition. */
    Optional<Duration> timeToLoss(Figures figures) {
        return figures.outlook().flatMap(outlook -> timeToLoss(outlook, figures.abandoned()));
    }

    private Optional<Duration> timeToLoss(Outlook outlook, boolean abandoned) {
        boolean limitsDrop = abandoned || retention.unfinished() == Unfinished.DROP;
        return Stream.of(
                        limitsDrop ? byAge(outlook) : Optional.<Duration>empty(),
                        limitsDrop ? byCount(shares.maxCount(), outlook) : Optional.<Duration>empty(),
                        byCount(shares.dropOldest(), outlook))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    private Optional<Duration> byAge(Outlook outlook) {
        return retention.maxAge().map(age -> notNegative(age.minus(outlook.age())));
    }

    private static Optional<Duration> byCount(OptionalLong limit, Outlook outlook) {
        if (limit.isEmpty()) {
            return Optional.empty();
        }
        long more = limit.getAsLong() + 1 - outlook.kept();
        if (more <= 0) {
            return Optional.of(Duration.ZERO);
        }
        return outlook.published() == 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(
                        (long) ((double) more * outlook.lately().toMillis() / outlook.published())));
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
