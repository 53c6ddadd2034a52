package io.oqronkit.pubsub.internal.read;

import io.oqronkit.pubsub.internal.redis.GroupState;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Read;
import java.time.Duration;
import java.util.function.Predicate;

/** Where a reader gets entries from, and to whom it hands them. Used by the reader's thread alone, but for {@link #wake}. */
public interface Feed {

    /**
     * New entries, none if there are none within {@code block}; with the group's state behind them.
     *
     * @param seen the state behind the last read
     * @param startable tells from any thread whether what was read may be started
     */
    Read read(int count, Duration block, GroupState seen, Predicate<Read> startable);

    /**
     * Takes responsibility for what was read, unless that was done as soon as it arrived.
     *
     * @param askedNanos when the read began
     * @param start false: nothing may be started any more, so they go back
     */
    void hand(Read read, long askedNanos, boolean start);

    /** True if {@link #wake} ends a read that waits, so that it may wait long. */
    boolean canBeWoken();

    /** Ends the read that waits, if one does and if it can be done. From any thread. */
    void wake();

    /** Nobody may take messages for the group: what was not started goes back. */
    void withdraw();
}
