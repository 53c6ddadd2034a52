package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A delivery as the library would hand it over, without Redis. */
record Delivery(Object message, String key, Map<String, String> headers) implements MessageContext<Object> {

    static Delivery of(Object message) {
        return new Delivery(message, "cust-7", Map.of("source", "web", "weight", "12", "id", "abc"));
    }

    @Override
    public MessageId id() {
        return new MessageId(0, Instant.EPOCH, 1);
    }

    @Override
    public String topic() {
        return "orders";
    }

    @Override
    public String group() {
        return "billing";
    }

    @Override
    public int partition() {
        return 0;
    }

    @Override
    public long offset() {
        return 1;
    }

    @Override
    public Instant publishedAt() {
        return Instant.EPOCH;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int maxAttempts() {
        return 6;
    }

    @Override
    public long fencingToken() {
        return 0;
    }

    @Override
    public boolean isLeaseLost() {
        return false;
    }

    @Override
    public void ack() {}

    @Override
    public void nack() {}

    @Override
    public void nack(Duration delay) {}

    @Override
    public void deadLetter(String reason) {}

    @Override
    public void discard(String reason) {}
}
