package io.oqronkit.pubsub.internal.deliver;

/** Who is told how deliveries end, on the worker's thread, when it is decided and before Redis is asked to settle. */
public interface Outcomes {

    /** Nobody. */
    Outcomes UNTOLD = new Outcomes() {
        @Override
        public void handled(Delivery delivery) {}

        @Override
        public void skipped(Delivery delivery) {}

        @Override
        public void gaveUp(Delivery delivery, String cause) {}
    };

    /** Acknowledged or discarded by the handler. */
    void handled(Delivery delivery);

    /** Filtered out or expired. */
    void skipped(Delivery delivery);

    /** No attempt left, undecodable, or the handler's wish. */
    void gaveUp(Delivery delivery, String cause);
}
