package io.oqronkit.pubsub.internal.observe;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.oqronkit.pubsub.BatchFailedException;
import io.oqronkit.pubsub.BatchHandler;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageHandler;
import io.oqronkit.pubsub.internal.deliver.Carried;
import io.oqronkit.pubsub.internal.publish.Publishing;
import io.oqronkit.pubsub.observation.ProcessObservationContext;
import io.oqronkit.pubsub.observation.ProcessObservationConvention;
import io.oqronkit.pubsub.observation.PublishObservationConvention;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes each call that publishes and each attempt at a message an observation; the messages carry the one to the other, so
 * that a trace goes on in every group, at every attempt. Safe for concurrent use.
 *
 * @param publishing null for the registry's global convention, else the default
 * @param processing likewise
 */
public record Traces(
        ObservationRegistry registry,
        @Nullable PublishObservationConvention publishing,
        @Nullable ProcessObservationConvention processing) {

    Publishing over(Publishing publisher, String topic) {
        return new TracedPublishing(publisher, topic, this);
    }

    <T> MessageHandler<T> over(MessageHandler<T> handler) {
        return context -> {
            if (registry.isNoop()) {
                handler.handle(context);
            } else {
                attempt(context).observeChecked(() -> handler.handle(context));
            }
        };
    }

    /** One for each message, in the trace of that message; so none of them can be the current one while they are handled. */
    <T> BatchHandler<T> overAll(BatchHandler<T> handler) {
        return contexts -> {
            List<Observation> attempts =
                    contexts.stream().map(context -> attempt(context).start()).toList();
            try {
                handler.handle(contexts);
            } catch (Throwable failure) {
                attempts.subList(firstFailed(failure, attempts.size()), attempts.size())
                        .forEach(attempt -> attempt.error(failure));
                throw failure;
            } finally {
                attempts.forEach(Observation::stop);
            }
        };
    }

    private static int firstFailed(Throwable failure, int messages) {
        int index = failure instanceof BatchFailedException at ? at.index() : 0;
        return index >= 0 && index < messages ? index : 0;
    }

    private Observation attempt(MessageContext<?> context) {
        return Observation.createNotStarted(
                processing,
                ProcessObservationConvention.DEFAULT,
                () -> new ProcessObservationContext(
                        context, context instanceof Carried message ? message.carried() : Map.of()),
                registry);
    }
}
