package io.oqronkit.samples.orders;

import jakarta.validation.constraints.Positive;

/** What happened to an order. */
public record OrderEvent(
        String event, String orderId, @Positive double amount) {}
