package io.oqronkit.pubsub.spring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint says of a group.
 *
 * @param timeToLoss ISO-8601; left out where nothing can be lost
 * @param state of its subscription in this process; left out if there is none
 * @param newestDeadLetters only where one group is asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record GroupReport(
        long lag,
        long pending,
        long parked,
        long backlog,
        long deadLetters,
        long dropped,
        int consumers,
        boolean paused,
        boolean abandoned,
        @Nullable String timeToLoss,
        @Nullable String state,
        @Nullable String stalledBecause,
        @Nullable List<Letter> newestDeadLetters) {

    /**
     * A dead letter.
     *
     * @param headers with their values; only where payloads are shown
     * @param payload as text; only where payloads are shown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Letter(
            String id,
            int attempts,
            int redrives,
            String cause,
            String at,
            List<String> headerNames,
            @Nullable Map<String, String> headers,
            @Nullable String payload) {

        static Letter of(DeadLetter letter, boolean showPayload) {
            return new Letter(
                    letter.id().toString(),
                    letter.attempts(),
                    letter.redrives(),
                    letter.cause(),
                    letter.at().toString(),
                    List.copyOf(new TreeMap<>(letter.headers()).keySet()),
                    showPayload ? letter.headers() : null,
                    showPayload ? new String(letter.payload(), StandardCharsets.UTF_8) : null);
        }
    }

    static GroupReport of(GroupStats stats, Optional<Subscription> here, @Nullable List<Letter> deadLetters) {
        return new GroupReport(
                stats.lag(),
                stats.pending(),
                stats.parked(),
                stats.backlog(),
                stats.deadLetters(),
                stats.dropped(),
                stats.consumers(),
                stats.paused(),
                stats.abandoned(),
                stats.timeToLoss().map(Duration::toString).orElse(null),
                here.map(subscription -> subscription.state().name()).orElse(null),
                here.flatMap(Subscription::stalledBecause).orElse(null),
                deadLetters);
    }
}
