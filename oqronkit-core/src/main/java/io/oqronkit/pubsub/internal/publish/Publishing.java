package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Takes the messages of one topic. Safe for concurrent use. What is {@code carried} travels with every message of the
 * call for this library alone, as the context of a trace does.
 */
public interface Publishing {

    /** Waits until the message is stored. */
    PublishReceipt publish(OutgoingMessage<?> message, Map<String, String> carried);

    /** Waits until the messages are stored; those of one partition together or not at all. */
    List<PublishReceipt> publishAll(List<? extends OutgoingMessage<?>> messages, Map<String, String> carried);

    /** Does not wait; a full queue fails the future at once. */
    CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<?> message, Map<String, String> carried);

    /** Takes no further message and waits until those queued are stored or have failed. */
    void close();
}
