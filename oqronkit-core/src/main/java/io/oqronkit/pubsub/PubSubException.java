package io.oqronkit.pubsub;

import org.jspecify.annotations.Nullable;

/** What goes wrong in this library beyond a wrong argument. Unchecked. */
public class PubSubException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PubSubException(String message) {
        super(message);
    }

    public PubSubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
