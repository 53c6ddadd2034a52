package io.oqronkit.pubsub.internal.shadow;

import io.oqronkit.pubsub.MessageHandler;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Spreads calls evenly over time. Turns are given in the order in which they are asked for; one that nobody asked for in
 * time is not made up for, so there are no bursts. Safe for concurrent use; waits on the caller's thread.
 */
public final class Pace {

    private final long intervalNanos;
    private final LongSupplier nanoClock;
    private final AtomicLong next;

    Pace(int perSecond, LongSupplier nanoClock) {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.nanoClock = nanoClock;
        this.next = new AtomicLong(nanoClock.getAsLong());
    }

    /** The handler, called at most that often a second; the handler itself if there is no limit. */
    public static <T> MessageHandler<T> atMost(OptionalInt perSecond, MessageHandler<T> handler) {
        if (perSecond.isEmpty()) {
            return handler;
        }
        Pace pace = new Pace(perSecond.getAsInt(), System::nanoTime);
        return context -> {
            TimeUnit.NANOSECONDS.sleep(pace.nanosUntilTurn());
            handler.handle(context);
        };
    }

    /** Takes the next turn: how long until it comes. */
    long nanosUntilTurn() {
        long now = nanoClock.getAsLong();
        long turn = next.getAndUpdate(due -> Math.max(due - now, 0) + now + intervalNanos);
        return Math.max(0, turn - now);
    }
}
