package io.oqronkit.pubsub;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which messages a group handles; a rejected one is settled without handling. Called from worker threads. A
 * filter that throws counts as a failed attempt, never as a rejection.
 */
@FunctionalInterface
public interface MessageFilter<T> {

    boolean accepts(T payload, @Nullable String key, Map<String, String> headers);
}
