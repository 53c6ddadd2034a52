package io.oqronkit.pubsub;

/**
 * Decides for a whole application which failures are worth another attempt, where classes alone ({@link RetryRule}) do not
 * tell. A message is tried again if neither its group's rule nor this says no. Asked on worker threads, once for each
 * failed attempt that was thrown, also by a filter; not for a {@code nack}. One that throws counts as yes.
 */
@FunctionalInterface
public interface MessageFailureClassifier {

    /** False: the message is given up at once, as after its last retry. */
    boolean isRetryable(Throwable failure);
}
