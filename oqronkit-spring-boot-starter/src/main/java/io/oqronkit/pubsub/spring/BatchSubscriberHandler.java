package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.BatchHandler;
import io.oqronkit.pubsub.MessageContext;
import java.util.List;
import java.util.function.Function;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.messaging.support.GenericMessage;

/** As {@link SubscriberHandler}, for a method that takes a list. */
final class BatchSubscriberHandler implements BatchHandler<Object> {

    private final InvocableHandlerMethod method;
    private final Function<MessageContext<Object>, Object> element;

    BatchSubscriberHandler(InvocableHandlerMethod method, Function<MessageContext<Object>, Object> element) {
        this.method = method;
        this.element = element;
    }

    @Override
    public void handle(List<MessageContext<Object>> messages) throws Exception {
        List<Object> list = messages.stream().map(element).toList();
        SubscriberHandler.await(method.invoke(new GenericMessage<>(list), list));
    }
}
