package io.oqronkit.pubsub;

/** Who settles a message. */
public enum AckMode {
    /** A handler that returns acknowledges; one that throws causes a retry. The default. */
    AUTO,
    /** The handler calls {@link MessageContext#ack()} or another settlement; returning without one is a nack. */
    MANUAL
}
