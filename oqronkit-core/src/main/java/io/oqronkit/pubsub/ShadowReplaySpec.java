package io.oqronkit.pubsub;

import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Which messages a shadow replay covers, and what it does with each. Immutable: every method returns a copy. It takes
 * nothing from the configuration; acknowledgement is automatic, order is that of competing consumers.
 *
 * <pre>{@code
 * ShadowReplay run = orders.shadowReplay(ShadowReplaySpec.<OrderEvent>from(Position.timestamp(monday))
 *         .rate(500)
 *         .concurrency(4)
 *         .handler(ctx -> recompute(ctx.message())));
 * }</pre>
 */
public final class ShadowReplaySpec<T> {

    private static final int MOST_A_SECOND = 1_000_000;
    private static final int LONGEST_TURN_SECONDS = 60;
    private static final int UNLIMITED = 0;

    private final Position from;
    private final Position to;
    private final int rate;
    private final boolean dryRun;
    private final int concurrency;
    private final SubscriptionSpec<T> delivery;

    private ShadowReplaySpec(
            Position from, Position to, int rate, boolean dryRun, int concurrency, SubscriptionSpec<T> delivery) {
        if (rate != UNLIMITED && concurrency > (long) rate * LONGEST_TURN_SECONDS) {
            throw new IllegalArgumentException(
                    "concurrency must be at most %d times the rate, since more would wait for their turn longer than that many seconds, but was %d at a rate of %d"
                            .formatted(LONGEST_TURN_SECONDS, concurrency, rate));
        }
        this.from = from;
        this.to = to;
        this.rate = rate;
        this.dryRun = dryRun;
        this.concurrency = concurrency;
        this.delivery = delivery;
    }

    /** Begins at this position, up to what is there when the replay starts. */
    public static <T> ShadowReplaySpec<T> from(Position from) {
        return new ShadowReplaySpec<>(
                Checks.notNull("from", from),
                Position.latest(),
                UNLIMITED,
                false,
                1,
                SubscriptionSpec.<T>group("shadow").concurrency(1));
    }

    /**
     * Ends before this position, which is fixed when the replay starts: what is published later is never part of it.
     * Default {@link Position#latest()}, which is all that is there then. A range whose end is not behind its beginning
     * is empty.
     */
    public ShadowReplaySpec<T> to(Position to) {
        return new ShadowReplaySpec<>(from, Checks.notNull("to", to), rate, dryRun, concurrency, delivery);
    }

    /**
     * How many messages a second are handed to the handler at most, over all partitions and evenly spread; retries
     * count, filtered messages do not. 1 to 1,000,000; default unlimited.
     *
     * @throws IllegalArgumentException also if concurrency is more than 60 times the rate
     */
    public ShadowReplaySpec<T> rate(int perSecond) {
        Checks.between("rate", perSecond, 1, MOST_A_SECOND);
        return new ShadowReplaySpec<>(from, to, perSecond, dryRun, concurrency, delivery);
    }

    /** Handlers that run at the same time, 1 to 1,000; default 1. */
    public ShadowReplaySpec<T> concurrency(int concurrency) {
        return new ShadowReplaySpec<>(from, to, rate, dryRun, concurrency, delivery.concurrency(concurrency));
    }

    /** Only messages whose payload passes are handled. */
    public ShadowReplaySpec<T> filter(Predicate<T> filter) {
        return with(delivery.filter(filter));
    }

    /** As {@link #filter(Predicate)}, for a filter that also sees key and headers. */
    public ShadowReplaySpec<T> filter(MessageFilter<T> filter) {
        return with(delivery.filter(filter));
    }

    /**
     * Required but for a dry run: what is done with each message. One that throws is tried again after the backoff; after
     * all retries the message counts as failed and is logged. It never becomes a dead letter.
     */
    public ShadowReplaySpec<T> handler(MessageHandler<T> handler) {
        return with(delivery.handler(handler));
    }

    /** Retries after the first attempt, 0 to 1,000; default that of the topic's dead-letter policy. */
    public ShadowReplaySpec<T> maxRetries(int maxRetries) {
        return with(delivery.maxRetries(maxRetries));
    }

    /** Delay between attempts; default {@link Backoff#defaults()}. */
    public ShadowReplaySpec<T> backoff(Backoff backoff) {
        return with(delivery.backoff(backoff));
    }

    /**
     * Only counts: reads, decodes and filters as the replay would, and calls no handler. {@link
     * ShadowReplayProgress#handled()} and {@code handledByPartition()} say at the end what would be handled. A filter
     * that throws is not tried again.
     */
    public ShadowReplaySpec<T> dryRun() {
        return new ShadowReplaySpec<>(from, to, rate, true, concurrency, delivery);
    }

    private ShadowReplaySpec<T> with(SubscriptionSpec<T> changed) {
        return new ShadowReplaySpec<>(from, to, rate, dryRun, concurrency, changed);
    }

    public Position from() {
        return from;
    }

    public Position to() {
        return to;
    }

    /** Messages a second; empty: unlimited. */
    public OptionalInt rate() {
        return rate == UNLIMITED ? OptionalInt.empty() : OptionalInt.of(rate);
    }

    public boolean isDryRun() {
        return dryRun;
    }

    /** How its messages are delivered, to a group of that name. */
    public SubscriptionSpec<T> deliveryTo(String group) {
        SubscriptionSpec<T> named = delivery.under(group);
        return dryRun ? named.maxRetries(0).handler(context -> {}) : named;
    }
}
