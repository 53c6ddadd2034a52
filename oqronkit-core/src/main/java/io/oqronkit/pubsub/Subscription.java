package io.oqronkit.pubsub;

import java.util.Optional;

/** A group's handler at work in this process. Safe for concurrent use. */
public interface Subscription extends AutoCloseable {

    String topic();

    String group();

    SubscriptionSettings settings();

    SubscriptionState state();

    /** Why the subscription is {@link SubscriptionState#STALLED}; empty in every other state. */
    Optional<String> stalledBecause();

    /**
     * Stops taking messages in this process; those being handled are finished, those not started are handed back to the
     * group with their attempt count unchanged. Does not wait.
     */
    void pause();

    /** Takes messages again after {@link #pause()}. */
    void resume();

    /**
     * Stops reading, lets running handlers finish (up to the shutdown timeout, default 25 s), hands back what was not
     * started, and returns. Closing twice does nothing.
     */
    @Override
    void close();
}
