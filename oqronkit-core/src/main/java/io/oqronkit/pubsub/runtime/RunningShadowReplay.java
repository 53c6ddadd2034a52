package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplayProgress;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Figures;
import io.oqronkit.pubsub.internal.redis.GroupSteps;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.ShadowSteps;
import io.oqronkit.pubsub.internal.shadow.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shadow replay at work: a subscription of a temporary group, and a thread that shows Redis it is alive, sees when the
 * range is finished, and then ends both. Whether it is finished is asked of Redis, not of the count: messages may have
 * been removed meanwhile.
 */
final class RunningShadowReplay implements ShadowReplay {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.shadow");
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration ASK = Duration.ofSeconds(5);

    private final String topic;
    private final String name;
    private final List<Part> parts;
    private final Tally tally;
    private final RunningSubscription subscription;
    private final Consumer<ShadowReplay> onEnded;
    private final Thread watching;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean cancelled;

    /** The replay on a partition where it has messages. */
    record Part(ShadowSteps steps, GroupSteps group, AdminSteps figures) {}

    RunningShadowReplay(
            List<Part> parts, Tally tally, RunningSubscription subscription, Consumer<ShadowReplay> onEnded) {
        this.topic = subscription.topic();
        this.name = subscription.group();
        this.parts = parts;
        this.tally = tally;
        this.subscription = subscription;
        this.onEnded = onEnded;
        this.watching = new Thread(this::watch, "oqronkit-" + topic + "/" + name + "-watch");
        watching.setDaemon(true);
    }

    void start() {
        watching.start();
    }

    /** Until the range is finished or somebody cancels; then ends. */
    private void watch() {
        try {
            long asked = System.nanoTime();
            boolean over = parts.isEmpty();
            while (!over && !cancelled) {
                LockSupport.parkNanos(this, LOOK.toNanos());
                boolean due = System.nanoTime() - asked >= ASK.toNanos();
                if (due || progress().remaining() == 0) {
                    asked = System.nanoTime();
                    over = isOver();
                }
            }
        } finally {
            end();
        }
    }

    /** False as well while Redis does not answer: it is asked again. */
    private boolean isOver() {
        boolean over = true;
        try {
            for (Part part : parts) {
                Optional<Figures> figures = part.figures().figures(name, false);
                if (figures.isEmpty()) {
                    log.warn("shadow replay {} of topic {} ends: its group was removed", name, topic);
                    return true;
                }
                part.group().showPresence().join();
                Figures now = figures.get();
                over &= now.lag() + now.pending() + now.parked() == 0;
            }
            return over;
        } catch (RedisFailure | CompletionException away) {
            return false;
        }
    }

    private void end() {
        try {
            subscription.close();
            CompletableFuture.allOf(
                            parts.stream().map(part -> part.steps().end()).toArray(CompletableFuture<?>[]::new))
                    .join();
        } catch (CompletionException e) {
            log.warn(
                    "shadow replay {} of topic {} cannot be removed from Redis, retention will do so in 10 minutes: {}",
                    name,
                    topic,
                    RedisFailure.of(e).getMessage());
        } finally {
            onEnded.accept(this);
            ended.countDown();
        }
        ShadowReplayProgress last = progress();
        log.info(
                "shadow replay ended topic={} name={} handled={} filtered={} failed={} remaining={}",
                topic,
                name,
                last.handled(),
                last.filtered(),
                last.failed(),
                last.remaining());
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ShadowReplayProgress progress() {
        return tally.progress(ended.getCount() == 0);
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancel() {
        cancelled = true;
        LockSupport.unpark(watching);
    }

    @Override
    public void close() {
        cancel();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
