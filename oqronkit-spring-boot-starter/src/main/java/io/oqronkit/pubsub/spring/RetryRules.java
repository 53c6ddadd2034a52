package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.RetryRule;
import io.oqronkit.pubsub.spring.PubSubProperties.GroupProperties;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** Which failures are tried again, from the names of their classes in the application's configuration. */
final class RetryRules {

    private RetryRules() {}

    /** Null if nothing is set; an empty list of what is not retried takes back that of a wider level. */
    static @Nullable RetryRule of(GroupProperties values) {
        List<String> retryOnlyFor = values.retryOnlyFor();
        if (retryOnlyFor != null) {
            return RetryRule.retryOnlyFor(classes(retryOnlyFor));
        }
        List<String> noRetryFor = values.noRetryFor();
        if (noRetryFor == null) {
            return null;
        }
        return noRetryFor.isEmpty() ? RetryRule.always() : RetryRule.noRetryFor(classes(noRetryFor));
    }

    private static List<Class<? extends Throwable>> classes(List<String> names) {
        List<Class<? extends Throwable>> classes = new ArrayList<>();
        names.forEach(name -> classes.add(failure(name)));
        return classes;
    }

    /** @throws IllegalArgumentException if there is no such class, or it is none of an exception or error */
    static Class<? extends Throwable> failure(String name) {
        try {
            return ClassUtils.forName(name.trim(), null).asSubclass(Throwable.class);
        } catch (ClassNotFoundException | LinkageError | ClassCastException e) {
            throw new IllegalArgumentException(
                    "allowed are names of exception classes with their packages, such as java.io.IOException", e);
        }
    }
}
