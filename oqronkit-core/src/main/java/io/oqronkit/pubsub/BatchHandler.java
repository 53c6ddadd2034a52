package io.oqronkit.pubsub;

import java.util.List;

/**
 * Handles several messages at a time: what is there when a worker is free, one at least, {@code batch-size} at most, and
 * nobody waits for a batch to fill. With {@code concurrency > 1} or several processes it is called from several threads at
 * once. At least once, as {@link MessageHandler}.
 *
 * <p>Returning acknowledges all of them, or, with {@link AckMode#MANUAL}, nacks those it has not settled. What is settled by
 * its own {@link MessageContext} stays so, whatever comes after.
 */
@FunctionalInterface
public interface BatchHandler<T> {

    /**
     * @param messages unmodifiable; without order if the group is competing, as it must be
     * @throws BatchFailedException one of them failed: those before it are done, those behind it go back as if they had
     *     never been handed out
     * @throws Exception any other: each message that is not settled is tried again on its own account, after the backoff of
     *     its own attempt, and becomes a dead letter when its attempts are used up
     */
    void handle(List<MessageContext<T>> messages) throws Exception;
}
