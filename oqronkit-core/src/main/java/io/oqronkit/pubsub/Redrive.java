package io.oqronkit.pubsub;

import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters of a group go back to it, and how fast. Immutable: every method returns a copy.
 *
 * <pre>{@code
 * orders.admin().redrive("ledger", Redrive.all()
 *         .where(dead -> dead.cause().startsWith("java.net.ConnectException"))
 *         .atRate(50)
 *         .limit(1_000));
 * }</pre>
 */
public final class Redrive {

    private static final double SLOWEST = 0.001;
    private static final double FASTEST = 100_000;
    private static final Redrive ALL = new Redrive(dead -> true, null, null);

    private final Predicate<DeadLetter> chosen;
    private final @Nullable Double perSecond;
    private final @Nullable Long limit;

    private Redrive(Predicate<DeadLetter> chosen, @Nullable Double perSecond, @Nullable Long limit) {
        this.chosen = chosen;
        this.perSecond = perSecond;
        this.limit = limit;
    }

    /** Every dead letter that is not parked, as fast as it goes. */
    public static Redrive all() {
        return ALL;
    }

    /**
     * Only those that pass this too. It runs on the caller's thread; what it throws ends the redrive and reaches the
     * caller.
     */
    public Redrive where(Predicate<DeadLetter> chosen) {
        return new Redrive(this.chosen.and(Checks.notNull("where", chosen)), perSecond, limit);
    }

    /** Not more than this many a second, 0.001 to 100,000, so that what failed is not flooded. Default: no limit. */
    public Redrive atRate(double perSecond) {
        if (!(perSecond >= SLOWEST && perSecond <= FASTEST)) {
            throw new IllegalArgumentException("atRate must be between 0.001 and 100000 but was " + perSecond);
        }
        return new Redrive(chosen, perSecond, limit);
    }

    /** Not more than this many, at least 1. Default: no limit. */
    public Redrive limit(long limit) {
        Checks.between("limit", limit, 1, Long.MAX_VALUE);
        return new Redrive(chosen, perSecond, limit);
    }

    /** Whether this dead letter goes back, if it is not parked. */
    public boolean chooses(DeadLetter deadLetter) {
        return chosen.test(deadLetter);
    }

    public OptionalDouble perSecond() {
        return perSecond == null ? OptionalDouble.empty() : OptionalDouble.of(perSecond);
    }

    public OptionalLong limit() {
        return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
    }
}
