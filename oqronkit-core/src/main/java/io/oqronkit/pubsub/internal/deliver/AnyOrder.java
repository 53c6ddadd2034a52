package io.oqronkit.pubsub.internal.deliver;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Competing: a retry is parked for whoever is free once it is due, and nothing waits for anything else. */
final class AnyOrder implements DeliveryOrder {

    private final Settlement settlement;

    AnyOrder(Settlement settlement) {
        this.settlement = settlement;
    }

    @Override
    public void retryAfter(Duration delay, Delivery delivery) {
        settlement.retryAfter(delay, delivery);
    }

    @Override
    public void giveUp(Delivery delivery, String cause, boolean keep) {
        settlement.giveUp(delivery, cause, keep);
    }

    @Override
    public boolean halts() {
        return false;
    }

    @Override
    public CompletableFuture<Void> handBack(List<Delivery> unstarted) {
        return settlement.handBack(unstarted);
    }

    @Override
    public void ended(Delivery delivery) {
        // the next one is any one
    }

    @Override
    public int waiting() {
        return 0;
    }
}
