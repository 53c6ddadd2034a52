package io.oqronkit.pubsub;

import org.jspecify.annotations.Nullable;

/** A payload cannot be turned into bytes, or bytes not into the payload type. Retrying will not help. */
public final class PayloadCodecException extends PubSubException {

    private static final long serialVersionUID = 1L;

    public PayloadCodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
