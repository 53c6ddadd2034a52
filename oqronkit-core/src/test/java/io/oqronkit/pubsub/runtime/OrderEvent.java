package io.oqronkit.pubsub.runtime;

/** What the tests publish. */
record OrderEvent(String event, String orderId, double amount) {

    static OrderEvent number(int n) {
        return new OrderEvent("order.created", "ord_" + n, n);
    }
}
