package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/** Chooses the partition of a message. The rule is part of the wire format: every process must choose alike. */
final class Router {

    private final AtomicInteger turn = new AtomicInteger();

    /**
     * CRC-32 of the key's UTF-8 bytes modulo the partitions; without a key that of the idempotency key, so that the same
     * one always meets itself; round robin without either.
     */
    int partition(EncodedMessage message, int partitions) {
        if (partitions == 1) {
            return 0;
        }
        byte[] key = message.key().length > 0 ? message.key() : message.idempotencyKey();
        if (key.length == 0) {
            return Math.floorMod(turn.getAndIncrement(), partitions);
        }
        CRC32 hash = new CRC32();
        hash.update(key);
        return (int) (hash.getValue() % partitions);
    }
}
