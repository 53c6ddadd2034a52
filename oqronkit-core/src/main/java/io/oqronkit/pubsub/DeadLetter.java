package io.oqronkit.pubsub;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message a group has given up on.
 *
 * @param id identity of the original message
 * @param attempts how often it was tried since it was published or last redriven
 * @param redrives how often it has been redriven; from {@link DeadLetterPolicy#maxRedrives()} on it is <em>parked</em>
 * @param cause class and message of the last failure, or the reason given by the handler
 * @param key the partition key, or null
 * @param payload the bytes as they were published
 * @param headers headers of the message
 * @param at when it was given up
 */
@SuppressWarnings("ArrayRecordComponent") // raw bytes; compare by id
public record DeadLetter(
        MessageId id,
        int attempts,
        int redrives,
        String cause,
        @Nullable String key,
        byte[] payload,
        Map<String, String> headers,
        Instant at) {

    public int partition() {
        return id.partition();
    }

    public long offset() {
        return id.offset();
    }

    /** Without the payload, which may hold personal data. */
    @Override
    public String toString() {
        return "DeadLetter[id=" + id + ", attempts=" + attempts + ", redrives=" + redrives + ", cause=" + cause
                + ", at=" + at + "]";
    }
}
