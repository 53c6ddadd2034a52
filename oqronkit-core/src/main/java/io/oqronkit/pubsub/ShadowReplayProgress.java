package io.oqronkit.pubsub;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How far a shadow replay is. A snapshot.
 *
 * @param total messages in the range when it started, over all partitions
 * @param handled those the handler has handled; in a dry run those it would have been given
 * @param filtered those settled without handling: rejected by the filter, or expired
 * @param failed those given up after all attempts, or undecodable
 * @param handledByPartition {@code handled} for each partition, 0 for one without any
 * @param failures the last 10 messages that failed, newest last
 * @param startedAt when it started, by this process's clock
 * @param done it has ended, by itself or because it was cancelled
 */
public record ShadowReplayProgress(
        long total,
        long handled,
        long filtered,
        long failed,
        Map<Integer, Long> handledByPartition,
        List<Failure> failures,
        Instant startedAt,
        boolean done) {

    public ShadowReplayProgress {
        handledByPartition = Map.copyOf(handledByPartition);
        failures = List.copyOf(failures);
    }

    /**
     * A message that was given up.
     *
     * @param cause class and message of its last exception
     */
    public record Failure(MessageId id, String cause) {}

    /**
     * What is still to do. If it is not 0 after the end, the replay was cancelled, or that many messages were removed
     * (by a purge or a limit that drops) before their turn came.
     */
    public long remaining() {
        return Math.max(0, total - handled - filtered - failed);
    }
}
