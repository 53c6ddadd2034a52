package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of OqronKit PubSub, as they stand in the application's configuration; null means not set. An unknown key
 * stops the start. Values are checked by {@link PropertyChecks}.
 *
 * @param keyPrefix What every key in Redis starts with. Applications with different prefixes do not see each other's
 *     topics.
 * @param durability What must have a message before its publish returns: memory, that of the master, or replicas(n), 1 to
 *     10 replicas too.
 * @param publishTimeout How long a publish is tried before it fails.
 * @param shutdownTimeout How long running handlers may finish at shutdown. Cut to a second less than
 *     spring.lifecycle.timeout-per-shutdown-phase.
 * @param allowEviction Whether to start although the server's maxmemory-policy removes whole topics when memory is full.
 * @param connectionFactory Name of the RedisConnectionFactory bean to use; default the one marked @OqronRedis, else the only
 *     or primary one.
 * @param observation Meters and traces.
 * @param defaults Settings of every consumer group, unless its topic, its handler or the group itself says otherwise.
 * @param topics Settings by topic. A name with a dot goes into brackets: "[order.events]".
 */
@ConfigurationProperties(prefix = PubSubProperties.PREFIX, ignoreUnknownFields = false)
record PubSubProperties(
        @DefaultValue("oq") String keyPrefix,
        @DefaultValue("memory") String durability,
        @DefaultValue("10s") Duration publishTimeout,
        @DefaultValue("25s") Duration shutdownTimeout,
        @DefaultValue("false") boolean allowEviction,
        @Nullable String connectionFactory,
        @DefaultValue ObservationProperties observation,
        @DefaultValue GroupProperties defaults,
        @DefaultValue Map<String, TopicProperties> topics) {

    static final String PREFIX = "oqronkit.pubsub";

    /** The key of a topic: a name that is not a plain element goes into brackets. */
    static String topicKey(String topic) {
        return PREFIX + ".topics" + element(topic);
    }

    static String groupKey(String topic, String group) {
        return topicKey(topic) + ".groups" + element(group);
    }

    private static String element(String name) {
        return name.matches("[a-z0-9-]+") ? "." + name : "[" + name + "]";
    }

    private static <V> V nothing(String text, V none) {
        if (text.isEmpty()) {
            return none;
        }
        throw new IllegalArgumentException("settings stand below a name, not beside it");
    }

    TopicProperties topic(String name) {
        return topics.getOrDefault(name, TopicProperties.NONE);
    }

    /**
     * Meters and traces.
     *
     * @param enabled Whether to measure and to trace where the application has a MeterRegistry or an ObservationRegistry.
     */
    record ObservationProperties(@DefaultValue("true") boolean enabled) {}

    /**
     * Settings of a topic, and of its groups.
     *
     * @param partitions Streams the topic is spread over, 1 to 1024. A higher number than is stored raises it, a lower
     *     one is refused; default is what is stored in Redis, else 1.
     * @param retention How long messages are kept once every group has finished them.
     * @param deadLetter What becomes of a message that keeps failing.
     * @param idempotencyWindow How long an idempotency key is remembered, 1s to 30d; default 1h.
     * @param groups Settings by consumer group; they win over those in code.
     * @param concurrency Handlers of a group that run at the same time in one process, 1 to 1000.
     * @param mode How the processes of a group share its messages.
     * @param ackMode Who settles a message: auto, when the handler returns, or manual.
     * @param startFrom Where a new group begins: earliest, latest, an offset or an ISO-8601 instant.
     * @param afterRetries What becomes of a message of an ordered group once its retries are used up: dead-letter, or halt
     *     until somebody decides.
     * @param ackDeadline How long a delivery may stay unsettled when its process is gone, 1s to 1h.
     * @param maxProcessingTime How long a handler may run before its message is given to another worker, 1s to 1d.
     * @param backoff Delay between the attempts of a failing message.
     * @param noRetryFor Classes of exceptions, with their packages, after which a message is not tried again but given up at
     *     once; also where they are a cause. An empty list takes back that of a wider level.
     * @param retryOnlyFor Classes of exceptions after which a message is tried again; after all others it is given up at
     *     once. Instead of no-retry-for.
     * @param batchSize Messages a batch handler is given at most, 1 to 1000; default 100.
     */
    @ConfigurationPropertiesSource // or the metadata would not describe what stands in a map
    record TopicProperties(
            @Nullable Integer partitions,
            @DefaultValue RetentionProperties retention,
            @DefaultValue DeadLetterProperties deadLetter,
            @Nullable Duration idempotencyWindow,
            @DefaultValue Map<String, GroupProperties> groups,
            @Nullable Integer concurrency,
            @Nullable ConsumerMode mode,
            @Nullable AckMode ackMode,
            @Nullable String startFrom,
            @Nullable AfterRetries afterRetries,
            @Nullable Duration ackDeadline,
            @Nullable Duration maxProcessingTime,
            @DefaultValue BackoffProperties backoff,
            @Nullable List<String> noRetryFor,
            @Nullable List<String> retryOnlyFor,
            @Nullable Integer batchSize) {

        static final TopicProperties NONE = new TopicProperties(
                null,
                RetentionProperties.NONE,
                new DeadLetterProperties(null, null, null, DeadLetterRetentionProperties.NONE),
                null,
                Map.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                BackoffProperties.NONE,
                null,
                null,
                null);

        /** What Boot 4.0 makes of {@code order-events:} with nothing below it, where 4.1 leaves it to the defaults. */
        public static TopicProperties of(String text) {
            return nothing(text, NONE);
        }

        /** What the topic says of each of its groups. */
        GroupProperties everyGroup() {
            return new GroupProperties(
                    concurrency,
                    mode,
                    ackMode,
                    startFrom,
                    deadLetter.maxRetries(),
                    afterRetries,
                    ackDeadline,
                    maxProcessingTime,
                    backoff,
                    noRetryFor,
                    retryOnlyFor,
                    batchSize);
        }

        GroupProperties group(String name) {
            return groups.getOrDefault(name, GroupProperties.NONE);
        }
    }

    /**
     * Settings of a consumer group.
     *
     * @param concurrency Handlers that run at the same time in one process, 1 to 1000.
     * @param mode How the processes of the group share its messages.
     * @param ackMode Who settles a message: auto, when the handler returns, or manual.
     * @param startFrom Where the group begins when it is first created: earliest, latest, an offset or an ISO-8601
     *     instant.
     * @param maxRetries Retries after the first attempt, 0 to 1000.
     * @param afterRetries What becomes of a message of an ordered group once its retries are used up: dead-letter, or halt
     *     until somebody decides.
     * @param ackDeadline How long a delivery may stay unsettled when its process is gone, 1s to 1h. It is extended by
     *     itself while a handler runs.
     * @param maxProcessingTime How long a handler may run before its message is given to another worker, 1s to 1d.
     * @param backoff Delay between the attempts of a failing message.
     * @param noRetryFor Classes of exceptions, with their packages, after which a message is not tried again but given up at
     *     once; also where they are a cause. An empty list takes back that of a wider level.
     * @param retryOnlyFor Classes of exceptions after which a message is tried again; after all others it is given up at
     *     once. Instead of no-retry-for.
     * @param batchSize Messages a batch handler is given at most, 1 to 1000; default 100.
     */
    record GroupProperties(
            @Nullable Integer concurrency,
            @Nullable ConsumerMode mode,
            @Nullable AckMode ackMode,
            @Nullable String startFrom,
            @Nullable Integer maxRetries,
            @Nullable AfterRetries afterRetries,
            @Nullable Duration ackDeadline,
            @Nullable Duration maxProcessingTime,
            @DefaultValue BackoffProperties backoff,
            @Nullable List<String> noRetryFor,
            @Nullable List<String> retryOnlyFor,
            @Nullable Integer batchSize) {

        static final GroupProperties NONE = new GroupProperties(
                null, null, null, null, null, null, null, null, BackoffProperties.NONE, null, null, null);

        /** As {@link TopicProperties#of}. */
        public static GroupProperties of(String text) {
            return nothing(text, NONE);
        }
    }

    /**
     * Delay between attempts.
     *
     * @param initial Delay before the first retry, 1ms to 1d.
     * @param multiplier Growth of the delay from retry to retry, 1 to 100.
     * @param max Longest delay, before jitter, at most 7d.
     * @param jitter Share of the delay by which it varies up or down, 0 to 1.
     */
    record BackoffProperties(
            @Nullable Duration initial,
            @Nullable Double multiplier,
            @Nullable Duration max,
            @Nullable Double jitter) {

        static final BackoffProperties NONE = new BackoffProperties(null, null, null, null);
    }

    /**
     * How long a topic keeps its messages.
     *
     * @param maxAge Messages older than this are removed; no limit if not set.
     * @param maxCount Messages beyond this many, of the whole topic, are removed, oldest first; no limit if not set.
     * @param unfinished Whether messages that some group has not finished are kept over the limits, or dropped and
     *     counted; default keep.
     * @param abandonAfter How long nobody may have consumed for a group before the limits no longer wait for it, 1m to
     *     365d; default 7d.
     * @param cap Messages the topic may hold whatever its groups have finished, at least max-count; no cap if not set.
     * @param capAction What happens at the cap: reject refuses publishes, drop-oldest removes and counts what groups have
     *     not finished; default reject.
     */
    record RetentionProperties(
            @Nullable Duration maxAge,
            @Nullable Long maxCount,
            Retention.@Nullable Unfinished unfinished,
            @Nullable Duration abandonAfter,
            @Nullable Long cap,
            Retention.@Nullable CapAction capAction) {

        static final RetentionProperties NONE = new RetentionProperties(null, null, null, null, null, null);
    }

    /**
     * What becomes of a message that keeps failing.
     *
     * @param enabled Whether it is kept as a dead letter, with its cause; otherwise it is dropped and counted; default true.
     * @param maxRetries Retries after the first attempt, 0 to 1000; default 5.
     * @param maxRedrives How often a dead letter is redriven in bulk, 0 to 1000; default 3. After that a person must
     *     choose it.
     * @param retention How long dead letters are kept.
     */
    record DeadLetterProperties(
            @Nullable Boolean enabled,
            @Nullable Integer maxRetries,
            @Nullable Integer maxRedrives,
            @DefaultValue DeadLetterRetentionProperties retention) {}

    /**
     * How long the dead letters of each group are kept.
     *
     * @param maxAge Dead letters older than this are removed and counted; no limit if not set.
     * @param maxCount Dead letters beyond this many are removed, oldest first, and counted; no limit if not set.
     */
    record DeadLetterRetentionProperties(
            @Nullable Duration maxAge, @Nullable Long maxCount) {

        static final DeadLetterRetentionProperties NONE = new DeadLetterRetentionProperties(null, null);
    }
}
