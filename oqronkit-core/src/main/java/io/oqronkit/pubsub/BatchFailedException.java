package io.oqronkit.pubsub;

/**
 * Thrown by a {@link BatchHandler} to say which message it was that failed, so that the others need not be handled again:
 * those before it count as returned, it has failed with this exception's cause, and those behind it are handed back to the
 * group at once, with their attempts unchanged.
 *
 * <pre>{@code
 * for (int i = 0; i < orders.size(); i++) {
 *     try {
 *         charge(orders.get(i));
 *     } catch (PaymentException e) {
 *         throw new BatchFailedException(i, e);
 *     }
 * }
 * }</pre>
 */
public final class BatchFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int index;

    /**
     * @param index of the message in the list the handler was given, from 0. One that is not in the list makes this a
     *     failure of all of them
     * @param cause why it failed: what is kept with a dead letter, and what decides whether it is tried again
     */
    public BatchFailedException(int index, Throwable cause) {
        super("message %d of the batch failed".formatted(index), Checks.notNull("cause", cause));
        this.index = index;
    }

    public int index() {
        return index;
    }
}
