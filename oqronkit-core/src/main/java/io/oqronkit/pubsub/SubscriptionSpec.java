package io.oqronkit.pubsub;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a group does with the messages of a topic. Immutable: every method returns a copy. What is not set here comes
 * from the configuration, then from the defaults in {@link SubscriptionSettings}.
 *
 * <pre>{@code
 * orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing-service")
 *         .concurrency(5)
 *         .handler(ctx -> charge(ctx.message())));
 * }</pre>
 */
public final class SubscriptionSpec<T> {

    private final String group;
    private final GroupSettings settings;
    private final @Nullable MessageHandler<T> handler;
    private final @Nullable BatchHandler<T> batchHandler;
    private final HeaderFilter headerFilter;
    private final MessageFilter<T> filter;

    private SubscriptionSpec(
            String group,
            GroupSettings settings,
            @Nullable MessageHandler<T> handler,
            @Nullable BatchHandler<T> batchHandler,
            HeaderFilter headerFilter,
            MessageFilter<T> filter) {
        this.group = group;
        this.settings = settings;
        this.handler = handler;
        this.batchHandler = batchHandler;
        this.headerFilter = headerFilter;
        this.filter = filter;
    }

    /** @throws IllegalArgumentException unless the name has 1 to 120 characters out of {@code A-Z a-z 0-9 . _ -} */
    public static <T> SubscriptionSpec<T> group(String group) {
        return new SubscriptionSpec<>(
                Checks.name("group", group),
                GroupSettings.none(),
                null,
                null,
                (key, headers) -> true,
                (payload, key, headers) -> true);
    }

    /** The same under a name that is not checked, since it is the library's own. */
    SubscriptionSpec<T> under(String reservedName) {
        return new SubscriptionSpec<>(reservedName, settings, handler, batchHandler, headerFilter, filter);
    }

    /** Required: what is done with each message. */
    public SubscriptionSpec<T> handler(MessageHandler<T> handler) {
        return new SubscriptionSpec<>(group, settings, Checks.notNull("handler", handler), null, headerFilter, filter);
    }

    /**
     * Instead of {@link #handler}, and for mode competing alone: what is done with the messages that are there when a worker
     * is free, up to {@link #batchSize}. The one that is set last holds.
     */
    public SubscriptionSpec<T> batchHandler(BatchHandler<T> batchHandler) {
        return new SubscriptionSpec<>(
                group, settings, null, Checks.notNull("batchHandler", batchHandler), headerFilter, filter);
    }

    /** Only messages whose payload passes are handled; the others are settled without handling. */
    public SubscriptionSpec<T> filter(Predicate<T> filter) {
        Checks.notNull("filter", filter);
        return filter((payload, key, headers) -> filter.test(payload));
    }

    /** As {@link #filter(Predicate)}, for a filter that also sees key and headers. */
    public SubscriptionSpec<T> filter(MessageFilter<T> filter) {
        return new SubscriptionSpec<>(
                group, settings, handler, batchHandler, headerFilter, Checks.notNull("filter", filter));
    }

    /**
     * Only messages whose key and headers pass are decoded, shown to the {@link #filter(MessageFilter) filter} and handled;
     * the others are settled without it.
     */
    public SubscriptionSpec<T> headerFilter(HeaderFilter headerFilter) {
        return new SubscriptionSpec<>(
                group, settings, handler, batchHandler, Checks.notNull("headerFilter", headerFilter), filter);
    }

    /** Replaces what this spec sets by {@code set}, and keeps its own values where {@code set} has none. */
    public SubscriptionSpec<T> settings(GroupSettings set) {
        return new SubscriptionSpec<>(group, set.orElse(settings), handler, batchHandler, headerFilter, filter);
    }

    /** Handlers that run at the same time in this process, 1 to 1,000. */
    public SubscriptionSpec<T> concurrency(int concurrency) {
        Checks.between("concurrency", concurrency, 1, 1_000);
        return settings(settings.concurrency(concurrency));
    }

    public SubscriptionSpec<T> mode(ConsumerMode mode) {
        return settings(settings.mode(Checks.notNull("mode", mode)));
    }

    public SubscriptionSpec<T> ackMode(AckMode ackMode) {
        Checks.notNull("ackMode", ackMode);
        return settings(settings.ackMode(ackMode));
    }

    /** Where the group begins; only used when the group is first created. */
    public SubscriptionSpec<T> startFrom(Position startFrom) {
        Checks.notNull("startFrom", startFrom);
        return settings(settings.startFrom(startFrom));
    }

    /** Retries after the first attempt, 0 to 1,000. */
    public SubscriptionSpec<T> maxRetries(int maxRetries) {
        Checks.between("maxRetries", maxRetries, 0, 1_000);
        return settings(settings.maxRetries(maxRetries));
    }

    /** What becomes of a message once its retries are used up; {@link AfterRetries#HALT} for ordered modes only. */
    public SubscriptionSpec<T> afterRetries(AfterRetries afterRetries) {
        return settings(settings.afterRetries(Checks.notNull("afterRetries", afterRetries)));
    }

    /** How long a delivery may stay unsettled when its process is gone, 1 s to 1 h. */
    public SubscriptionSpec<T> ackDeadline(Duration ackDeadline) {
        Checks.between("ackDeadline", ackDeadline, Duration.ofSeconds(1), Duration.ofHours(1));
        return settings(settings.ackDeadline(ackDeadline));
    }

    /** How long a handler may run, 1 s to 1 day. */
    public SubscriptionSpec<T> maxProcessingTime(Duration maxProcessingTime) {
        Checks.between("maxProcessingTime", maxProcessingTime, Duration.ofSeconds(1), Duration.ofDays(1));
        return settings(settings.maxProcessingTime(maxProcessingTime));
    }

    public SubscriptionSpec<T> backoff(Backoff backoff) {
        Checks.notNull("backoff", backoff);
        return settings(settings.backoff(backoff));
    }

    /** Messages a batch handler is given at most, 1 to 1,000; default 100. */
    public SubscriptionSpec<T> batchSize(int batchSize) {
        Checks.between("batchSize", batchSize, 1, 1_000);
        return settings(settings.batchSize(batchSize));
    }

    /**
     * Failures of these classes, or caused by one, are given up at once: the message is not tried again. Instead of {@link
     * #retryOnlyFor}.
     *
     * @throws IllegalArgumentException if there is no class, or {@code retryOnlyFor} is set
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final SubscriptionSpec<T> noRetryFor(Class<? extends Throwable>... classes) {
        return retryRule(RetryRule.noRetryFor(List.of(classes)));
    }

    /**
     * Only failures of these classes, or caused by one, are tried again; all others are given up at once. Instead of {@link
     * #noRetryFor}.
     *
     * @throws IllegalArgumentException if there is no class, or {@code noRetryFor} is set
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final SubscriptionSpec<T> retryOnlyFor(Class<? extends Throwable>... classes) {
        return retryRule(RetryRule.retryOnlyFor(List.of(classes)));
    }

    private SubscriptionSpec<T> retryRule(RetryRule rule) {
        RetryRule other = settings.retryRule();
        if (other != null && other.kind() != rule.kind()) {
            throw new IllegalArgumentException("%s and %s exclude each other".formatted(other, rule));
        }
        return settings(settings.retryRule(rule));
    }

    public String group() {
        return group;
    }

    public GroupSettings settings() {
        return settings;
    }

    /**
     * Its settings, completed by the configuration, the topic's policy and the defaults.
     *
     * @throws IllegalArgumentException if a value is out of its bounds, or two, or one and the handler, contradict each other
     */
    public SubscriptionSettings resolve(GroupSettings configuration, DeadLetterPolicy policy) {
        SubscriptionSettings resolved = SubscriptionSettings.resolve(settings.orElse(configuration), policy);
        if (batchHandler != null && resolved.ordered()) {
            throw new IllegalArgumentException(
                    "mode must be competing with a batch handler but was %s: in an order one message waits for the other"
                            .formatted(resolved.modeName()));
        }
        return resolved;
    }

    /** Empty if messages are handled one at a time. */
    public Optional<BatchHandler<T>> batchHandler() {
        return Optional.ofNullable(batchHandler);
    }

    /**
     * What handles one message; with a batch handler, that as a batch of one.
     *
     * @throws IllegalArgumentException if no handler was given
     */
    public MessageHandler<T> handler() {
        BatchHandler<T> batches = batchHandler;
        if (batches != null) {
            return context -> batches.handle(List.of(context));
        }
        return Checks.notNull("handler of group '" + group + "'", handler);
    }

    public HeaderFilter headerFilter() {
        return headerFilter;
    }

    public MessageFilter<T> filter() {
        return filter;
    }
}
