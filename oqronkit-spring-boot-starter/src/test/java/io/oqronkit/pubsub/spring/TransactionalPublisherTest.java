package io.oqronkit.pubsub.spring;

import static io.oqronkit.pubsub.spring.TransactionalPublisher.publishAfterCommit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.oqronkit.pubsub.Topic;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's transaction machinery around a resource that does nothing. */
class TransactionalPublisherTest {

    private final RecordingPubSub pubSub = new RecordingPubSub();
    private final Topic<String> orders = pubSub.topic("orders", String.class);
    private final TransactionTemplate transaction = new TransactionTemplate(new NoResource());

    @Test
    void publishesInOrderOnceTheTransactionHasCommitted() {
        transaction.executeWithoutResult(status -> {
            publishAfterCommit(orders, "first");
            publishAfterCommit(orders, "second");
            assertThat(pubSub.published).isEmpty();
        });

        assertThat(pubSub.published).containsExactly("first", "second");
    }

    @Test
    void publishesNothingOfATransactionThatIsRolledBack() {
        transaction.executeWithoutResult(status -> {
            publishAfterCommit(orders, "never");
            status.setRollbackOnly();
        });

        assertThat(pubSub.published).isEmpty();
    }

    @Test
    void publishesAtOnceWithoutATransaction() {
        publishAfterCommit(orders, "now");

        assertThat(pubSub.published).containsExactly("now");
    }

    @Test
    void tellsTheCallerOfTheFirstFailureAndStillPublishesTheRest() {
        pubSub.refused.add("bad");

        assertThatIllegalStateException()
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    publishAfterCommit(orders, "bad");
                    publishAfterCommit(orders, "good");
                }))
                .withMessage("refused bad");

        assertThat(pubSub.published).containsExactly("good");
    }

    @Test
    void publishesWhatIsAskedForWhileOthersHearOfTheCommit() {
        transaction.executeWithoutResult(
                status -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        publishAfterCommit(orders, "late");
                    }
                }));

        assertThat(pubSub.published).containsExactly("late");
    }

    @Test
    void refusesNull() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> publishAfterCommit(null, "x"))
                .withMessage("topic must not be null");
    }

    private static final class NoResource extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
