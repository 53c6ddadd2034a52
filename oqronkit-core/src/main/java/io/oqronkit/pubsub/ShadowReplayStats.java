package io.oqronkit.pubsub;

/**
 * Where a shadow replay stands, over all partitions, at the moment of the call and in whatever process it runs.
 *
 * @param lag messages of its range not yet handed out
 * @param pending handed out and not settled; parked ones not counted
 * @param parked waiting for their next attempt
 * @param failed given up, or removed by a limit of the topic before they were handled
 */
public record ShadowReplayStats(long lag, long pending, long parked, long failed) {

    /** All that it has not finished: lag + pending + parked. */
    public long remaining() {
        return lag + pending + parked;
    }
}
