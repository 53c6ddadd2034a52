package io.oqronkit.pubsub.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.ObservationRegistry;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.internal.publish.Publishing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What tracing costs where nobody looks. */
class TracesTest {

    private final Map<String, String> carried = Map.of("of", "the caller");
    private final List<Map<String, String>> seen = new ArrayList<>();

    @Test
    void aRegistryWithoutHandlersAddsNothingToAPublish() {
        Publishing traced = new Traces(ObservationRegistry.create(), null, null).over(new Recording(), "orders");

        traced.publish(OutgoingMessage.of("one"), carried);
        traced.publishAll(List.of(OutgoingMessage.of("two")), carried);
        traced.publishAsync(OutgoingMessage.of("three"), carried);

        assertThat(seen).hasSize(3).allSatisfy(map -> assertThat(map).isSameAs(carried));
    }

    private final class Recording implements Publishing {
        @Override
        public PublishReceipt publish(OutgoingMessage<?> message, Map<String, String> carried) {
            seen.add(carried);
            return new PublishReceipt("orders", MessageId.parse("0:1-1"), false);
        }

        @Override
        public List<PublishReceipt> publishAll(
                List<? extends OutgoingMessage<?>> messages, Map<String, String> carried) {
            seen.add(carried);
            return List.of();
        }

        @Override
        public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<?> message, Map<String, String> carried) {
            seen.add(carried);
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
