package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Shows Redis now and then that a subscription is there: one that is paused, or finds nothing to read, must not pass for
 * one that is gone (R#27). From its making until {@link #end}, on the timer's thread.
 */
final class Presence {

    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);

    private final ScheduledFuture<?> shown;

    Presence(List<GroupPartition> partitions, Duration ackDeadline, ScheduledExecutorService timer) {
        long everyMs = Math.min(LONGEST_INTERVAL.toMillis(), ackDeadline.toMillis());
        this.shown = timer.scheduleWithFixedDelay(
                () -> partitions.forEach(partition -> partition.redis().showPresence()),
                everyMs,
                everyMs,
                TimeUnit.MILLISECONDS);
    }

    void end() {
        shown.cancel(false);
    }
}
