package io.oqronkit.pubsub.observation;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import io.oqronkit.pubsub.PublishReceipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One call that publishes. Its carrier travels with each message of the call, hidden from handlers; more than 8 KiB are
 * left out.
 */
public final class PublishObservationContext extends SenderContext<Map<String, String>> {

    private final String topic;
    private final int messages;
    private volatile List<PublishReceipt> receipts = List.of();

    /** @param messages how many the call publishes, from 1 */
    public PublishObservationContext(String topic, int messages) {
        super(
                (carrier, name, value) -> {
                    if (carrier != null) {
                        carrier.put(name, value);
                    }
                },
                Kind.PRODUCER);
        this.topic = topic;
        this.messages = messages;
        setCarrier(new LinkedHashMap<>());
        setRemoteServiceName("Redis");
    }

    public String topic() {
        return topic;
    }

    /** How many messages the call publishes, from 1. */
    public int messages() {
        return messages;
    }

    /** Where the messages lie, once they are stored; empty before, and if they are not. */
    public List<PublishReceipt> receipts() {
        return receipts;
    }

    /** The library's word that the messages are stored. */
    public void setReceipts(List<PublishReceipt> receipts) {
        this.receipts = List.copyOf(receipts);
    }
}
