package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageHandler;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/** Calls a bean method for each message. What the method throws is passed on as it is: it becomes the dead letter's cause. */
final class SubscriberHandler implements MessageHandler<Object> {

    private final InvocableHandlerMethod method;

    SubscriberHandler(InvocableHandlerMethod method) {
        this.method = method;
    }

    @Override
    public void handle(MessageContext<Object> context) throws Exception {
        method.invoke(new DeliveredMessage(context));
    }
}
