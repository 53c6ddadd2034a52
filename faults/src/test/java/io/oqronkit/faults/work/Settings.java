package io.oqronkit.faults.work;

import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.Durability;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.TopicSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process is told to do, as system properties of its JVM; each has a default where it is read. Of the topic:
 * {@code partitions, maxCount, maxAgeMs, unfinished}. Of the groups: {@code groups, mode, concurrency, ackDeadlineMs,
 * maxRetries, backoffMs, shutdownTimeoutMs, handlerMs}. Of publishers: {@code rate, count, keys, mix, padding,
 * publishTimeoutMs, replicas}. With {@code proxy=true} they connect through the fault proxy.
 *
 * <p>Immutable: every method returns a copy.
 */
public final class Settings {

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    public static Settings none() {
        return new Settings(Map.of());
    }

    /** In the process itself. */
    static Settings ofThisProcess() {
        Map<String, String> given = new LinkedHashMap<>();
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith("faults.")) {
                given.put(name.toString().substring("faults.".length()), value.toString());
            }
        });
        return new Settings(given);
    }

    public Settings with(String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(name, value.toString());
        return new Settings(more);
    }

    public Settings and(Settings more) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.putAll(more.values);
        return new Settings(all);
    }

    public List<String> jvmArguments() {
        List<String> arguments = new ArrayList<>();
        values.forEach((name, value) -> arguments.add("-Dfaults." + name + "=" + value));
        return arguments;
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    public Duration millis(String name, Duration otherwise) {
        return Duration.ofMillis(number(name, (int) otherwise.toMillis()));
    }

    public List<String> groups() {
        return List.of(text("groups", "billing,shipping").split(","));
    }

    /** Attempts in all, the first one included. */
    public int maxAttempts() {
        return number("maxRetries", 5) + 1;
    }

    public Duration ackDeadline() {
        return millis("ackDeadlineMs", Duration.ofSeconds(2));
    }

    public int concurrency() {
        return mode() == ConsumerMode.EXCLUSIVE ? 1 : number("concurrency", 4);
    }

    public ConsumerMode mode() {
        return ConsumerMode.valueOf(text("mode", "COMPETING"));
    }

    /** Of publishing. */
    public Durability durability() {
        int replicas = number("replicas", 0);
        return replicas == 0 ? Durability.memory() : Durability.replicas(replicas);
    }

    /** The topic as every process of the run keeps it. */
    public TopicSpec<Task> topic() {
        TopicSpec<Task> topic = TopicSpec.of("orders", Task.class).partitions(number("partitions", 1));
        long maxCount = number("maxCount", 0);
        Duration maxAge = millis("maxAgeMs", Duration.ZERO);
        if (maxCount == 0 && maxAge.isZero()) {
            return topic;
        }
        return topic.retention(Retention.of(maxAge.isZero() ? null : maxAge, maxCount == 0 ? null : maxCount)
                .unfinished(Retention.Unfinished.valueOf(text("unfinished", "KEEP"))));
    }
}
