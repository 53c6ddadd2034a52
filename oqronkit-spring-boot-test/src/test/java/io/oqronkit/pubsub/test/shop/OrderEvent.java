package io.oqronkit.pubsub.test.shop;

record OrderEvent(String event, String orderId) {

    static OrderEvent paid(String orderId) {
        return new OrderEvent("order.paid", orderId);
    }
}
