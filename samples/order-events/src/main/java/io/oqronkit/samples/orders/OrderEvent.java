package io.oqronkit.samples.orders;

/** What happened to an order. */
public record OrderEvent(String event, String orderId, double amount) {}
