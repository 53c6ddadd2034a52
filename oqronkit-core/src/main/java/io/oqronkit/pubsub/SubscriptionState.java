package io.oqronkit.pubsub;

/** What a subscription is doing in this process. */
public enum SubscriptionState {
    /** Reading and handling. */
    RUNNING,
    /** Paused by {@link Subscription#pause()}, or for all processes by {@link TopicAdmin#pause(String)}. */
    PAUSED,
    /**
     * Wants to go on and cannot: Redis does not answer, or refuses; an ordered group halts; or every handler has run longer
     * than {@code max-processing-time} and heeds no interrupt. It goes on by itself once that is over.
     */
    STALLED,
    /** Closed for good. */
    CLOSED
}
