package io.oqronkit.pubsub;

import org.jspecify.annotations.Nullable;

/**
 * The message may be stored or may not: Redis was asked and its answer did not arrive in time; or a batch is stored in
 * some partitions and not in others. The library has already retried without storing it twice; a caller who publishes
 * it again may.
 */
public final class PublishOutcomeUnknownException extends PubSubException {

    private static final long serialVersionUID = 1L;

    public PublishOutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
