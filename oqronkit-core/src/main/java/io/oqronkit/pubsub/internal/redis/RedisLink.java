package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.UnblockType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection that replaces itself. When the server hangs up, or two answers in a row do not come (R#6: a paused
 * server never hangs up), or it has become a replica, the connection is closed and a new one opened, with a short random
 * pause between tries. A try that hangs, as with a paused server, is not waited for: the next one may be led elsewhere.
 * Commands fail at once while there is none, so nothing queues up unseen, and Lettuce never sends a command a second
 * time behind our back (R finding 2): trying again is up to the caller, who knows what that means.
 *
 * <p>Safe for concurrent use. Futures complete on Lettuce's event loop or on the timer thread: whoever continues there
 * must not block.
 */
public final class RedisLink implements AutoCloseable {

    private static final int TIMEOUTS_UNTIL_SUSPECT = 2;
    private static final Duration WAKE_TIMEOUT = Duration.ofSeconds(2);
    private static final int FIRST_PAUSE_MS = 50;
    private static final int LONGEST_PAUSE_MS = 1_000;
    private static final int FIRST_PATIENCE_MS = 1_500;
    private static final int LONGEST_PATIENCE_MS = 16_000;
    private static final Duration READ_ONLY_PATIENCE = Duration.ofSeconds(1);

    private final Connector connector;
    private final Availability availability;
    private final ScheduledExecutorService timer;
    private final Executor opener;
    private final AtomicInteger timeouts = new AtomicInteger();
    private volatile Connector.@Nullable Line line;
    private volatile int connection;
    private volatile long adoptedNanos;
    private volatile boolean closed;

    RedisLink(Connector connector, Availability availability, ScheduledExecutorService timer, Executor opener) {
        this.connector = connector;
        this.availability = availability;
        this.timer = timer;
        this.opener = opener;
    }

    /** Opens the first connection and waits for it. */
    RedisLink open() {
        adopt(connector.connect());
        availability.watch(this);
        return this;
    }

    <R> CompletableFuture<R> send(
            Duration timeout,
            Function<RedisClusterAsyncCommands<byte[], byte[]>, ? extends CompletionStage<R>> command) {
        Connector.Line current = line;
        if (current == null) {
            return CompletableFuture.failedFuture(RedisFailure.notConnected(null));
        }
        CompletableFuture<R> answer = new CompletableFuture<>();
        CompletionStage<R> sent;
        ScheduledFuture<?> alarm;
        try {
            sent = command.apply(current.commands());
            alarm = timer.schedule(() -> giveUp(current, answer, timeout), timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(RedisFailure.notConnected(e));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(RedisFailure.of(e));
        }
        sent.whenComplete((value, error) -> {
            alarm.cancel(false);
            if (error == null) {
                timeouts.set(0);
                availability.heard();
                answer.complete(value);
            } else {
                RedisFailure failure = RedisFailure.of(error);
                answer.completeExceptionally(failure);
                leaveReplica(current, failure);
            }
        });
        return answer;
    }

    /** Not at once after connecting, so that a client that was given a replica's address causes no storm. */
    private void leaveReplica(Connector.Line current, RedisFailure failure) {
        if (failure.isReadOnly() && System.nanoTime() - adoptedNanos > READ_ONLY_PATIENCE.toNanos()) {
            replace(current, failure);
        }
    }

    /** A server does not answer; perhaps another one has taken its place. */
    void lookAround() {
        connector.lookAround();
    }

    /** The server answers nobody: it is looked for anew. */
    void leave(RedisFailure why) {
        Connector.Line current = line;
        if (current != null) {
            replace(current, why);
        }
    }

    /** Which of its connections this is: rises with each one. Before a new one is used, not after. */
    int connection() {
        return connection;
    }

    /** True if {@link #wake} ends a command that waits. */
    boolean canBeWoken() {
        return wakeNumber().isPresent();
    }

    /** Ends the command that waits on this link, if one does, as if its time were over; asked for over another link. */
    void wake(RedisLink other) {
        wakeNumber()
                .ifPresent(number ->
                        other.<Long>send(WAKE_TIMEOUT, redis -> redis.clientUnblock(number, UnblockType.TIMEOUT)));
    }

    private OptionalLong wakeNumber() {
        Connector.Line current = line;
        return current == null ? OptionalLong.empty() : current.wakeNumber();
    }

    private void giveUp(Connector.Line current, CompletableFuture<?> answer, Duration timeout) {
        RedisFailure failure = RedisFailure.timedOut(timeout.toMillis() + " ms");
        if (answer.completeExceptionally(failure) && timeouts.incrementAndGet() >= TIMEOUTS_UNTIL_SUSPECT) {
            replace(current, failure);
        }
    }

    private void adopt(Connector.Line fresh) {
        fresh.connection().addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
                replace(fresh, null);
            }
        });
        timeouts.set(0);
        adoptedNanos = System.nanoTime();
        availability.heard();
        synchronized (this) {
            connection++;
            line = fresh;
        }
        if (closed) {
            close();
        } else if (!fresh.connection().isOpen()) {
            replace(fresh, null);
        } else {
            availability.found(this);
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very connection, not one like it
    private void replace(Connector.Line broken, @Nullable Throwable cause) {
        synchronized (this) {
            if (line != broken || closed) {
                return;
            }
            line = null;
        }
        availability.lost(this, cause);
        broken.connection().closeAsync();
        reopenAfter(FIRST_PAUSE_MS, FIRST_PATIENCE_MS);
    }

    private void reopenAfter(int pauseMs, int patienceMs) {
        int jittered = pauseMs / 2 + ThreadLocalRandom.current().nextInt(pauseMs);
        try {
            timer.schedule(() -> reopen(pauseMs, patienceMs), jittered, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shuttingDown) {
            closed = true;
        }
    }

    /**
     * Patience doubles with each try that hangs, so that few hang at a time. It begins small, since a try that hung until its
     * server went on would stand at a master that has been deposed meanwhile; but one frozen Sentinel must fit in.
     */
    private void reopen(int pauseMs, int patienceMs) {
        if (closed) {
            return;
        }
        connector
                .connect(opener)
                .orTimeout(patienceMs, TimeUnit.MILLISECONDS)
                .thenAccept(this::adopt)
                .exceptionally(notYet -> {
                    boolean hangs = notYet.getCause() instanceof TimeoutException;
                    reopenAfter(
                            Math.min(LONGEST_PAUSE_MS, pauseMs * 2),
                            hangs ? Math.min(LONGEST_PATIENCE_MS, patienceMs * 2) : patienceMs);
                    return null;
                });
    }

    @Override
    public void close() {
        Connector.Line last;
        synchronized (this) {
            closed = true;
            last = line;
            line = null;
        }
        availability.forget(this);
        if (last != null) {
            await(last.connection().closeAsync());
        }
    }

    /** So that whoever shuts the client down next does not find the connection half closed. */
    private static void await(CompletableFuture<?> closed) {
        try {
            closed.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // it is as closed as it will get
        }
    }
}
