package io.oqronkit.pubsub;

import java.time.Duration;

/**
 * A handler at work on a range of a topic, beside its groups; see {@link Topic#shadowReplay}. It ends by itself when
 * every message of the range is handled, filtered out or given up, and leaves nothing behind in Redis. If its process
 * dies, another one removes what it has left, 10 minutes later. Safe for concurrent use.
 */
public interface ShadowReplay extends AutoCloseable {

    String topic();

    /** Its name among {@link TopicStats#shadowReplays()}; it begins with {@code __shadow-}. */
    String name();

    /** Figures of this process, at the moment of the call; Redis is not asked. */
    ShadowReplayProgress progress();

    /**
     * Waits until it has ended.
     *
     * @return false if it has not when the time is over
     */
    boolean await(Duration atMost) throws InterruptedException;

    /**
     * Ends it early: takes no more messages, lets those finish that are in a handler or wait for their turn there, and
     * removes what it has in Redis. Does not wait, so a handler may call it; follow it with {@link #await} or {@link
     * #close()} to wait.
     */
    void cancel();

    /**
     * As {@link #cancel()}, and waits until it has ended, up to the shutdown timeout (default 25 s) for running handlers.
     * After the end it does nothing.
     */
    @Override
    void close();
}
