package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis whether it answers when it has not done so for a second, so that a process which only publishes now and then
 * notices an outage too, also one that hangs up on nobody (R#6): within 4 seconds. Runs on the timer thread.
 */
final class Pulse {

    private static final Duration PATIENCE = Duration.ofMillis(2_500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);

    private final RedisLink link;
    private final Availability availability;
    private final ScheduledExecutorService timer;
    private final Duration trusted;
    private volatile boolean stopped;

    /** @param cluster the masters are asked whatever is heard: that one answers says nothing of the others */
    Pulse(RedisLink link, Availability availability, ScheduledExecutorService timer, boolean cluster) {
        this.link = link;
        this.availability = availability;
        this.timer = timer;
        this.trusted = cluster ? Duration.ZERO : PAUSE;
    }

    void start() {
        askIn(PAUSE);
    }

    private void askIn(Duration time) {
        try {
            timer.schedule(this::ask, time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            stop();
        }
    }

    /** What is answered from now on no longer counts. */
    void stop() {
        stopped = true;
    }

    private void ask() {
        if (availability.isSureFor(trusted)) {
            askIn(LOOK);
            return;
        }
        link.<Void>send(PATIENCE, redis -> Masters.all(Masters.ask(redis, one -> one.ping())))
                .whenComplete((pong, error) -> {
                    if (!stopped) {
                        heard(error);
                        askIn(PAUSE);
                    }
                });
    }

    private void heard(@Nullable Throwable error) {
        RedisFailure failure = error == null ? null : RedisFailure.of(error);
        if (failure == null || failure.kind() == Kind.REFUSED) { // PING may be forbidden; whoever says so is there
            availability.found(this);
        } else {
            availability.lost(this, failure);
            link.lookAround();
            availability.leaveIfSilentFor(PATIENCE, failure);
        }
    }
}
