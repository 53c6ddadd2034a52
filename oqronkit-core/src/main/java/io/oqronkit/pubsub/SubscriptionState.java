package io.oqronkit.pubsub;

/** What a subscription is doing in this process. */
public enum SubscriptionState {
    /** Reading and handling. */
    RUNNING,
    /** Paused by {@link Subscription#pause()}, or for all processes by {@link TopicAdmin#pause(String)}. */
    PAUSED,
    /** Wants to read and cannot: Redis does not answer, or refuses. It goes on by itself once Redis does. */
    STALLED,
    /** Closed for good. */
    CLOSED
}
