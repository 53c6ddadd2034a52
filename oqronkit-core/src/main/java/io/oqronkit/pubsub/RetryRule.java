package io.oqronkit.pubsub;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which failures of a handler are worth another attempt, by their classes. A class stands for its subclasses too, and is
 * looked for among the causes of what was thrown as well. A failure that is not retried is given up at once, as after the
 * last retry. Immutable.
 *
 * @param kind what the classes are
 * @param classes none with {@link Kind#ALWAYS}, else one or more
 */
public record RetryRule(Kind kind, Set<Class<? extends Throwable>> classes) {

    /** What the classes of a rule are. */
    public enum Kind {
        /** Every failure is retried. */
        ALWAYS,
        /** Every failure is retried but these. */
        NO_RETRY_FOR,
        /** No failure is retried but these. */
        RETRY_ONLY_FOR
    }

    private static final int DEEPEST_CAUSE = 50; // chains may be circular
    private static final RetryRule ALWAYS = new RetryRule(Kind.ALWAYS, Set.of());

    /** @throws IllegalArgumentException if there is no class where there must be one, or one is no {@link Throwable} */
    public RetryRule {
        String name = SubscriptionSettings.relaxed(Checks.notNull("kind", kind));
        if (classes.isEmpty() != (kind == Kind.ALWAYS)) {
            throw new IllegalArgumentException("%s must have %s but had %s"
                    .formatted(name, kind == Kind.ALWAYS ? "no class" : "a class", classes));
        }
        for (Class<?> type : classes) {
            if (type == null || !Throwable.class.isAssignableFrom(type)) {
                throw new IllegalArgumentException(
                        "%s must be classes of exceptions or errors but had %s".formatted(name, type));
            }
        }
        classes = Collections.unmodifiableSet(new LinkedHashSet<>(classes));
    }

    /** Every failure is retried: the default. */
    public static RetryRule always() {
        return ALWAYS;
    }

    /** These, at least one, are given up at once. */
    public static RetryRule noRetryFor(Collection<Class<? extends Throwable>> classes) {
        return new RetryRule(Kind.NO_RETRY_FOR, new LinkedHashSet<>(classes));
    }

    /** All but these, at least one, are given up at once. */
    public static RetryRule retryOnlyFor(Collection<Class<? extends Throwable>> classes) {
        return new RetryRule(Kind.RETRY_ONLY_FOR, new LinkedHashSet<>(classes));
    }

    /** True if a message that failed so is worth another attempt. */
    public boolean retries(Throwable failure) {
        return switch (kind) {
            case ALWAYS -> true;
            case NO_RETRY_FOR -> !names(failure);
            case RETRY_ONLY_FOR -> names(failure);
        };
    }

    private boolean names(Throwable failure) {
        @Nullable Throwable next = failure;
        for (int depth = 0; next != null && depth < DEEPEST_CAUSE; depth++, next = next.getCause()) {
            Throwable thrown = next;
            if (classes.stream().anyMatch(type -> type.isInstance(thrown))) {
                return true;
            }
        }
        return false;
    }

    /** {@code no-retry-for=[java.lang.IllegalStateException]}, in the words of the configuration; {@code retry=always}. */
    @Override
    public String toString() {
        return kind == Kind.ALWAYS
                ? "retry=always"
                : SubscriptionSettings.relaxed(kind)
                        + classes.stream().map(Class::getName).collect(Collectors.joining(",", "=[", "]"));
    }
}
