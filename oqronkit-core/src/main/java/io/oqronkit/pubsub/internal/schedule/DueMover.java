package io.oqronkit.pubsub.internal.schedule;

import io.oqronkit.pubsub.internal.redis.Lookout;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.ScheduleSteps;
import io.oqronkit.pubsub.internal.redis.ScheduleSteps.Moved;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the scheduled messages of one partition into its log when they are due. Every process that has the topic open
 * looks, whoever comes first moves them: as soon as the next one is due, at least every 500 ms while something is
 * scheduled (another process may schedule something earlier, and die), and when the {@link Lookout} says that something is.
 *
 * <p>Threads: looks begin on the timer or with whoever publishes; answers arrive on the event loop. Nothing blocks. It
 * ends with the timer.
 */
public final class DueMover implements Lookout.Sleeper {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.schedule");
    private static final long WAITING_MS = 500;
    static final long ASLEEP = Long.MAX_VALUE;

    private final String name;
    private final ScheduleSteps redis;
    private final ScheduledExecutorService timer;
    private final Object lock = new Object();
    private boolean looking; // guarded by lock, as those below
    private boolean lookAgain;
    private long nextLookMs; // by Redis's clock
    private @Nullable ScheduledFuture<?> nextLook;
    private boolean refused;

    /** @param name of the partition, for people */
    public DueMover(String name, ScheduleSteps redis, ScheduledExecutorService timer) {
        this.name = name;
        this.redis = redis;
        this.timer = timer;
    }

    /** Looks from now on. */
    public void start() {
        look();
    }

    /** This process has scheduled a message that is due at this time of Redis's clock. */
    public void expect(long dueMs) {
        synchronized (lock) {
            if (!looking && dueMs >= nextLookMs) {
                return;
            }
            if (nextLook != null) {
                nextLook.cancel(false);
            }
        }
        look();
    }

    @Override
    public Lookout.Question question() {
        return redis.question();
    }

    @Override
    public void wake(Lookout.Reason reason) {
        synchronized (lock) {
            if (looking || nextLookMs != ASLEEP) {
                return;
            }
        }
        look();
    }

    private void look() {
        synchronized (lock) {
            lookAgain = looking;
            if (looking) {
                return;
            }
            looking = true;
        }
        redis.moveDue().whenComplete((moved, error) -> {
            if (error == null) {
                tell(moved);
                lookIn(pauseMs(moved), moved.nowMs());
            } else {
                tell(RedisFailure.of(error));
                lookIn(WAITING_MS, 0);
            }
        });
    }

    static long pauseMs(Moved moved) {
        return moved.nextMs().isEmpty()
                ? ASLEEP
                : Math.max(0, Math.min(WAITING_MS, moved.nextMs().getAsLong() - moved.nowMs()));
    }

    private void lookIn(long pauseMs, long nowMs) {
        synchronized (lock) {
            looking = false;
            long pause = lookAgain ? 0 : pauseMs;
            nextLook = null;
            nextLookMs = pause == ASLEEP ? ASLEEP : nowMs + pause;
            if (pause == ASLEEP) {
                return;
            }
            try {
                nextLook = timer.schedule(this::look, pause, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                // so nobody looks any more
            }
        }
    }

    private void tell(Moved moved) {
        synchronized (lock) {
            refused = false;
        }
        if (moved.gone() > 0) {
            log.warn("partition {}: {} scheduled messages had been removed from Redis", name, moved.gone());
        }
    }

    private void tell(RedisFailure failure) {
        boolean news;
        synchronized (lock) {
            news = failure.kind() == Kind.REFUSED && !refused;
            refused |= news;
        }
        if (news && failure.isNotPermitted()) { // as of a process that only consumes
            log.warn(
                    "partition {}: scheduled messages are left to processes that publish: {}",
                    name,
                    failure.getMessage());
        } else if (news) {
            log.error("partition {}: scheduled messages cannot enter the log: {}", name, failure.getMessage());
        }
    }
}
