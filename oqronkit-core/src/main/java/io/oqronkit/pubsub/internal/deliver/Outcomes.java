package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.Attempt.Outcome;

/** Who is told how deliveries end, on the worker's thread, when it is decided and before Redis is asked to settle. */
@FunctionalInterface
public interface Outcomes {

    /** Nobody. */
    Outcomes UNTOLD = (delivery, outcome, cause) -> {};

    /** @param cause why a message failed; empty where it did not */
    void ended(Delivery delivery, Outcome outcome, String cause);
}
