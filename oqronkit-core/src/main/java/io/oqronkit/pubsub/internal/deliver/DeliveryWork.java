package io.oqronkit.pubsub.internal.deliver;

import java.util.Queue;

/** What a worker does with what it takes from the queue. Safe for concurrent use. */
public interface DeliveryWork {

    /**
     * Ends this delivery, and others that it takes from the queue. Never throws what user code throws.
     *
     * @return how many it has ended
     */
    int accept(Delivery next, Queue<Delivery> behind);

    /** How many it takes at most. */
    int most();
}
