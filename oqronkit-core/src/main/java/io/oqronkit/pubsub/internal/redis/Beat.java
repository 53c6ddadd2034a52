package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;

/**
 * The rhythm of what is done now and then. Most of what idle subscriptions cost is waking up, here and in Redis, so waits of
 * a second or more end together, at one of four times a second.
 */
public final class Beat {

    private static final long BEAT_MS = 250;

    private Beat() {}

    /** The wait, or up to a beat more; a wait below a second is left as it is. */
    public static Duration after(Duration wait) {
        long waitMs = wait.toMillis();
        if (waitMs < 1_000) {
            return wait;
        }
        long nowMs = System.nanoTime() / 1_000_000;
        return Duration.ofMillis(waitMs + Math.floorMod(-(nowMs + waitMs), BEAT_MS));
    }
}
