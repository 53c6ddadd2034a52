package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSubException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What the library refused at start: a Redis that does not answer or does not suit, a topic that is stored otherwise. */
final class PubSubFailureAnalyzer extends AbstractFailureAnalyzer<PubSubException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PubSubException cause) {
        String message = String.valueOf(cause.getMessage());
        return new FailureAnalysis("PubSub cannot start: " + message + ".", action(message), cause);
    }

    private static String action(String message) {
        if (message.contains("partitions")) {
            return "Set 'oqronkit.pubsub.topics.<topic>.partitions' to the stored number, or leave it out.";
        }
        if (message.contains("maxmemory-policy")) {
            return "Set the server's maxmemory-policy to noeviction,"
                    + " or accept the loss with 'oqronkit.pubsub.allow-eviction=true'.";
        }
        if (message.contains("6.2 or newer")) {
            return "Use Redis 6.2 or newer, or Valkey.";
        }
        return "Check that Redis runs and that 'spring.data.redis.*' names its address and credentials.";
    }
}
