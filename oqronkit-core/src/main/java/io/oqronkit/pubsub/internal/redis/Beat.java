package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;

/**
 * The rhythm of what is done now and then. Most of what idle subscriptions cost is waking up, here and in Redis, so waits of
 * a second or more end together, at one of four times a second.
 */
public final class Beat {

    private static final long BEAT_MS = 250;

    private Beat() {}

    /** The wait, or up to a beat less; a wait below a second is left as it is. */
    public static Duration within(Duration wait) {
        return wait.toMillis() < 1_000 ? wait : wait.minusMillis(pastBeat(wait));
    }

    /** The wait, or up to a beat more; a wait below a second is left as it is. */
    public static Duration after(Duration wait) {
        return wait.toMillis() < 1_000 || pastBeat(wait) == 0 ? wait : wait.plusMillis(BEAT_MS - pastBeat(wait));
    }

    /** How long after a beat the wait would end. */
    private static long pastBeat(Duration wait) {
        return Math.floorMod(System.nanoTime() / 1_000_000 + wait.toMillis(), BEAT_MS);
    }
}
