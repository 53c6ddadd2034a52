package io.oqronkit.pubsub;

/**
 * Where a group stands, over all partitions, at the moment of the call.
 *
 * @param lag messages not yet handed to the group, redriven ones included
 * @param pending handed out and not settled; parked ones not counted
 * @param parked waiting for their next attempt, or handed back by a process that stopped
 * @param deadLetters messages given up, with their cause
 * @param dropped messages this group lost to a limit the user set
 * @param consumers processes that read for the group
 * @param paused nobody takes messages for the group until it is resumed
 */
public record GroupStats(
        long lag, long pending, long parked, long deadLetters, long dropped, int consumers, boolean paused) {

    /** All that the group has not finished: lag + pending + parked. */
    public long backlog() {
        return lag + pending + parked;
    }
}
