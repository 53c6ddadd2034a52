package io.oqronkit.pubsub;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which messages a group handles by what stands beside the payload, before that is decoded: a message it rejects
 * costs no decoding, and need not be one that can be decoded. Called from worker threads. A filter that throws counts as
 * a failed attempt, never as a rejection.
 */
@FunctionalInterface
public interface HeaderFilter {

    boolean accepts(@Nullable String key, Map<String, String> headers);
}
