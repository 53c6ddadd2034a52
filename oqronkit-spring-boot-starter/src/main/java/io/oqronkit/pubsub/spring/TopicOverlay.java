package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.Cap;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.PubSubProperties.DeadLetterProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.RetentionProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.TopicProperties;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A topic as code declares it, or as it is by default, with what its properties say instead: each value on its own. */
final class TopicOverlay {

    private static final int DEFAULT_RETRIES = DeadLetterPolicy.defaults().maxRetries();

    private TopicOverlay() {}

    /** @param defaultRetries what the configuration says for every topic; null if nothing */
    static <T> TopicSpec<T> over(TopicSpec<T> declared, TopicProperties set, @Nullable Integer defaultRetries) {
        TopicSpec<T> spec = declared.retention(retention(declared.retention(), set.retention()))
                .deadLetter(deadLetter(declared.deadLetter(), set.deadLetter(), defaultRetries))
                .idempotencyWindow(first(set.idempotencyWindow(), declared.idempotencyWindow()));
        return set.partitions() == null ? spec : spec.partitions(set.partitions());
    }

    /** The retries a declaration asks for; null if they are those that hold anyway, since then nobody may have asked. */
    static @Nullable Integer retries(TopicSpec<?> declared) {
        int retries = declared.deadLetter().maxRetries();
        return retries == DEFAULT_RETRIES ? null : retries;
    }

    private static Retention retention(Retention declared, RetentionProperties set) {
        Retention retention = Retention.of(
                        set.maxAge() == null ? declared.maxAge().orElse(null) : set.maxAge(),
                        set.maxCount() == null ? boxed(declared.maxCount()) : set.maxCount())
                .unfinished(first(set.unfinished(), declared.unfinished()))
                .abandonAfter(first(set.abandonAfter(), declared.abandonAfter()));
        Cap cap = declared.cap().orElse(null);
        if (set.cap() != null) {
            cap = new Cap(set.cap(), first(set.capAction(), cap == null ? CapAction.REJECT : cap.action()));
        }
        return cap == null ? retention : retention.cap(cap.messages(), cap.action());
    }

    private static DeadLetterPolicy deadLetter(
            DeadLetterPolicy declared, DeadLetterProperties set, @Nullable Integer defaultRetries) {
        boolean usual = declared.maxRetries() == DEFAULT_RETRIES && defaultRetries != null;
        Retention kept = declared.retention();
        return new DeadLetterPolicy(
                first(set.enabled(), declared.enabled()),
                first(set.maxRetries(), usual ? defaultRetries : declared.maxRetries()),
                first(set.maxRedrives(), declared.maxRedrives()),
                Retention.of(
                        set.retention().maxAge() == null
                                ? kept.maxAge().orElse(null)
                                : set.retention().maxAge(),
                        set.retention().maxCount() == null
                                ? boxed(kept.maxCount())
                                : set.retention().maxCount()));
    }

    private static <V> V first(@Nullable V set, V declared) {
        return set == null ? declared : set;
    }

    static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
