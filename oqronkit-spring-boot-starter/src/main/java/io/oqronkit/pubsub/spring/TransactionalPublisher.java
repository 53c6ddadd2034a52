package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Topic;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes once the current transaction has committed, and not if it is rolled back. Without a transaction it publishes
 * at once. Safe for concurrent use.
 *
 * <p><b>A process that ends between commit and publish loses the message</b>, and so does a Redis that cannot be reached
 * then: the transaction stays committed. The caller of the transaction is thrown what the publish threw
 * ({@code PublishFailedException} and others), for the first message that fails; failures of further messages are logged.
 * Where that is not enough, write the message into a table in the same transaction (an outbox) and publish from there.
 *
 * <p>Only transactions bound to the thread count, not reactive ones. A savepoint that is rolled back alone takes no
 * message back.
 */
public final class TransactionalPublisher {

    private TransactionalPublisher() {}

    /** As {@link #publishAfterCommit(Topic, OutgoingMessage)}. */
    public static <T> void publishAfterCommit(Topic<T> topic, T payload) {
        publishAfterCommit(topic, OutgoingMessage.of(payload));
    }

    /**
     * Messages of one transaction are published in the order of the calls.
     *
     * @throws IllegalArgumentException if an argument is null
     */
    public static <T> void publishAfterCommit(Topic<T> topic, OutgoingMessage<T> message) {
        if (topic == null || message == null) {
            throw new IllegalArgumentException((topic == null ? "topic" : "message") + " must not be null");
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.isActualTransactionActive()) {
            TransactionSynchronizationManager.registerSynchronization(new AfterCommit<>(topic, message));
        } else {
            topic.publish(message);
        }
    }

    private static final class AfterCommit<T> implements TransactionSynchronization {

        private final Topic<T> topic;
        private final OutgoingMessage<T> message;
        private boolean tried;

        AfterCommit(Topic<T> topic, OutgoingMessage<T> message) {
            this.topic = topic;
            this.message = message;
        }

        @Override
        public void afterCommit() {
            tried = true;
            topic.publish(message);
        }

        /** Spring skips {@link #afterCommit} where another's threw, or where this was registered in one. */
        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED && !tried) {
                afterCommit();
            }
        }
    }
}
