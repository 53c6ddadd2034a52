package io.oqronkit.pubsub;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a group stands, over all partitions, at the moment of the call.
 *
 * @param lag messages not yet handed to the group, redriven ones included
 * @param pending handed out and not settled; parked ones not counted
 * @param parked waiting for their next attempt, or handed back by a process that stopped
 * @param deadLetters messages given up, with their cause
 * @param dropped messages this group lost to a limit the user set, or while it was abandoned
 * @param consumers processes that read for the group
 * @param paused nobody takes messages for the group until it is resumed
 * @param abandoned nobody has consumed for the group for so long that retention no longer waits for it; see
 *     {@link Retention#abandonAfter(Duration)}
 * @param timeToLoss how long until a limit removes the oldest message the group has not finished, if it finishes nothing
 *     and publishing goes on as lately; 0 if it is due. Empty where nothing can be lost: limits that keep what is
 *     unfinished, a group that has finished everything, or a limit by count while nothing is published. The least, over
 *     the partitions and the limits that may drop, of
 *     <ul>
 *       <li>{@code max-age} - the age of that message, and
 *       <li>(limit + 1 - messages from that one on) / rate, for the partition's share of {@code max-count} and of a
 *           {@code cap} that drops; the rate is that of the last minute, or since the oldest message still kept.
 *     </ul>
 *     Limits are applied every 5 s, so the loss comes up to that much later
 */
public record GroupStats(
        long lag,
        long pending,
        long parked,
        long deadLetters,
        long dropped,
        int consumers,
        boolean paused,
        boolean abandoned,
        Optional<Duration> timeToLoss) {

    /** All that the group has not finished: lag + pending + parked. */
    public long backlog() {
        return lag + pending + parked;
    }
}
