package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageFailureClassifier;
import java.util.List;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;

/** Those of the application, and a rule of ours: a payload that is not valid will not become so. */
record FailureClassifiers(List<MessageFailureClassifier> beans) implements MessageFailureClassifier {

    @Override
    public boolean isRetryable(Throwable failure) {
        return !(failure instanceof MethodArgumentNotValidException)
                && beans.stream().allMatch(bean -> bean.isRetryable(failure));
    }
}
