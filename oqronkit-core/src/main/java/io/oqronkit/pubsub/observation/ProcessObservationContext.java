package io.oqronkit.pubsub.observation;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.oqronkit.pubsub.MessageContext;
import java.util.Map;

/** One call of a handler: one attempt at one message in one group. */
public final class ProcessObservationContext extends ReceiverContext<Map<String, String>> {

    private final MessageContext<?> message;

    /** @param carried what the publisher's side put into the message */
    public ProcessObservationContext(MessageContext<?> message, Map<String, String> carried) {
        super((carrier, name) -> carrier.get(name), Kind.CONSUMER);
        this.message = message;
        setCarrier(carried);
        setRemoteServiceName("Redis");
    }

    /** What the handler gets. */
    public MessageContext<?> message() {
        return message;
    }
}
