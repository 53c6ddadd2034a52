package io.oqronkit.pubsub;

import org.jspecify.annotations.Nullable;

/** The message is certainly not stored. Publishing it again cannot make a duplicate. */
public final class PublishFailedException extends PubSubException {

    private static final long serialVersionUID = 1L;

    public PublishFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
