package io.oqronkit.pubsub.spring;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.Cap;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicStats;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the endpoint says of a topic; durations are ISO-8601, what does not hold is left out. */
record TopicReport(
        int partitions,
        long messages,
        long scheduled,
        Limits retention,
        DeadLetters deadLetter,
        Map<String, GroupReport> groups) {

    /** Limits as they hold in this process. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Limits(
            @Nullable String maxAge,
            @Nullable Long maxCount,
            String unfinished,
            String abandonAfter,
            @Nullable Long cap,
            @Nullable String capAction) {

        static Limits of(Retention retention) {
            Cap cap = retention.cap().orElse(null);
            return new Limits(
                    age(retention),
                    TopicOverlay.boxed(retention.maxCount()),
                    RelaxedNames.of(retention.unfinished()),
                    retention.abandonAfter().toString(),
                    cap == null ? null : cap.messages(),
                    cap == null ? null : RelaxedNames.of(cap.action()));
        }

        private static @Nullable String age(Retention retention) {
            return retention.maxAge().map(Duration::toString).orElse(null);
        }
    }

    /** What becomes of messages that keep failing. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DeadLetters(
            boolean enabled,
            int maxRetries,
            int maxRedrives,
            @Nullable String maxAge,
            @Nullable Long maxCount) {

        static DeadLetters of(DeadLetterPolicy policy) {
            return new DeadLetters(
                    policy.enabled(),
                    policy.maxRetries(),
                    policy.maxRedrives(),
                    Limits.age(policy.retention()),
                    TopicOverlay.boxed(policy.retention().maxCount()));
        }
    }

    static TopicReport of(Topic<?> topic, TopicStats stats, Map<String, GroupReport> groups) {
        return new TopicReport(
                stats.partitions(),
                stats.messages(),
                stats.scheduled(),
                Limits.of(topic.spec().retention()),
                DeadLetters.of(topic.spec().deadLetter()),
                groups);
    }
}
