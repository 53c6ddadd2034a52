package io.oqronkit.pubsub;

/**
 * Handles one message at a time per worker; with {@code concurrency > 1} or several processes it is called from several
 * threads at once. At least once: the same message may come again after a crash, so make its effect idempotent by
 * {@link MessageContext#id()}.
 */
@FunctionalInterface
public interface MessageHandler<T> {

    /**
     * @throws Exception any: the message is tried again after a backoff, then becomes a dead letter with this cause; at once
     *     if the group's {@link RetryRule} or the {@link MessageFailureClassifier} says so
     */
    void handle(MessageContext<T> context) throws Exception;
}
