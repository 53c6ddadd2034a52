package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import java.util.Map;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/** A delivery as a Spring message. The payload is decoded already; the headers are the publisher's and no others. */
final class DeliveredMessage implements Message<Object> {

    private final MessageContext<Object> context;
    private final MessageHeaders headers;

    DeliveredMessage(MessageContext<Object> context) {
        this.context = context;
        this.headers = new PublishedHeaders(context.headers());
    }

    @Override
    public Object getPayload() {
        return context.message();
    }

    @Override
    public MessageHeaders getHeaders() {
        return headers;
    }

    /** Without the payload, which may hold personal data: Spring puts this text into exceptions. */
    @Override
    public String toString() {
        return "message " + context.id() + " of topic " + context.topic();
    }

    /** Spring would add an {@code id} and a {@code timestamp} of its own, and hide the publisher's. */
    private static final class PublishedHeaders extends MessageHeaders {

        private static final long serialVersionUID = 1L;

        PublishedHeaders(Map<String, String> headers) {
            super(null, ID_VALUE_NONE, -1L);
            getRawHeaders().putAll(headers);
        }
    }

    /** Hands the delivery itself to parameters of type {@link MessageContext}. */
    static final class ContextResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == MessageContext.class;
        }

        @Override
        public Object resolveArgument(MethodParameter parameter, Message<?> message) {
            return ((DeliveredMessage) message).context;
        }
    }
}
