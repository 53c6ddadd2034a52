package io.oqronkit.pubsub.internal.deliver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What is held of a partition, in no order. Each delivery knows its place here, so that it is found without a search and its
 * stay costs no object. Safe for concurrent use.
 */
final class HeldDeliveries {

    private static final int NOWHERE = -1;

    private final List<Delivery> all = new ArrayList<>(); // guarded by this, as are the places
    private volatile int count;

    synchronized void add(Delivery delivery) {
        delivery.place = all.size();
        all.add(delivery);
        count = all.size();
    }

    /** Those that are not here are passed over. */
    synchronized void removeAll(Collection<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            if (delivery.place != NOWHERE) {
                Delivery last = all.remove(all.size() - 1);
                if (last != delivery) {
                    all.set(delivery.place, last);
                    last.place = delivery.place;
                }
                delivery.place = NOWHERE;
            }
        }
        count = all.size();
    }

    synchronized boolean contains(Delivery delivery) {
        return delivery.place != NOWHERE;
    }

    synchronized List<Delivery> copy() {
        return new ArrayList<>(all);
    }

    int count() {
        return count;
    }
}
