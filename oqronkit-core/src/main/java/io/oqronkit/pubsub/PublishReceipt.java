package io.oqronkit.pubsub;

/**
 * Proof that a message is stored. Immutable.
 *
 * @param topic name of the topic
 * @param id identity of the stored message
 * @param duplicate true if the message was there already, so that this publish stored nothing
 */
public record PublishReceipt(String topic, MessageId id, boolean duplicate) {

    /** Partition of the topic, from 0. */
    public int partition() {
        return id.partition();
    }

    /** Position in the partition, dense, from 1. */
    public long offset() {
        return id.offset();
    }
}
