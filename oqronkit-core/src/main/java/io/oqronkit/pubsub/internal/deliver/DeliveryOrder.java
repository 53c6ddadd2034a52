package io.oqronkit.pubsub.internal.deliver;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What a group does with a delivery that is not simply done: the difference between the consumer modes. Safe for
 * concurrent use; nothing here blocks.
 */
public interface DeliveryOrder {

    /** It failed and is to be tried again after the delay. */
    void retryAfter(Duration delay, Delivery delivery);

    /** It failed for good. */
    void giveUp(Delivery delivery, String cause, boolean keep);

    /** Whether giving up stops the partition, until somebody decides. */
    boolean halts();

    /** These were never started; completes when the group has them. */
    CompletableFuture<Void> handBack(List<Delivery> unstarted);

    /** The worker has done with it, whatever came of it. */
    void ended(Delivery delivery);

    /** How many of those held wait for another one to end. */
    int waiting();
}
