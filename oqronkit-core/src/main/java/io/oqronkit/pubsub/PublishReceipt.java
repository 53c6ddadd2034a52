package io.oqronkit.pubsub;

import java.time.Instant;
import java.util.Optional;

/**
 * Proof that a message is stored. Immutable.
 *
 * @param topic name of the topic
 * @param id identity of the stored message; of a scheduled one, what to {@linkplain Topic#cancel cancel} it by
 * @param duplicate true if the message was there already, so that this publish stored nothing
 */
public record PublishReceipt(String topic, MessageId id, boolean duplicate) {

    /** Partition of the topic, from 0. */
    public int partition() {
        return id.partition();
    }

    /** Position in the partition, dense, from 1; -1 if the message is scheduled and has not entered the log yet. */
    public long offset() {
        return Math.max(-1, id.offset());
    }

    /** When the message will enter the log; empty if it is there. */
    public Optional<Instant> scheduledFor() {
        return id.offset() < 0 ? Optional.of(id.publishedAt()) : Optional.empty();
    }
}
