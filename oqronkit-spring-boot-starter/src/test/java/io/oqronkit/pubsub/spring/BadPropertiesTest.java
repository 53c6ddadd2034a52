package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.io.ByteArrayResource;

/** Each bad property stops the start, before Redis is asked, with a text that names key, value and what is allowed. */
class BadPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, PubSubAutoConfiguration.class));

    static Stream<Arguments> badValues() {
        String orders = "topics.order-events.";
        String group = orders + "groups.billing-service.";
        return Stream.of(
                arguments("key-prefix", "a b", "A-Z a-z 0-9"),
                arguments("durability", "disk", "memory, replicas(1) to replicas(10)"),
                arguments("durability", "replicas(11)", "memory, replicas(1) to replicas(10)"),
                arguments("publish-timeout", "1ms", "between"),
                arguments("publish-timeout", "soon", "500ms"),
                arguments("shutdown-timeout", "-1s", "between"),
                arguments("allow-eviction", "maybe", "true or false"),
                arguments("observation.enabled", "maybe", "true or false"),
                arguments("defaults.concurrency", "0", "between 1 and 1000"),
                arguments("defaults.concurrency", "four", "a whole number"),
                arguments("defaults.mode", "compete", "competing"),
                arguments("defaults.after-retries", "stop", "dead-letter, halt"),
                arguments("defaults.after-retries", "halt", "mode, which is competing by default"),
                arguments("defaults.ack-mode", "never", "auto, manual"),
                arguments("defaults.start-from", "yesterday", "earliest, latest"),
                arguments("defaults.start-from", "0", "between 1"),
                arguments("defaults.max-retries", "-1", "between 0 and 1000"),
                arguments("defaults.ack-deadline", "10ms", "between 1s and 1h"),
                arguments("defaults.ack-deadline", "15m", "max-processing-time, which is 10m by default"),
                arguments("defaults.max-processing-time", "20s", "ack-deadline, which is 30s by default"),
                arguments("defaults.backoff.initial", "2m", "backoff.max, which is 1m by default"),
                arguments("defaults.backoff.initial", "0s", "between"),
                arguments("defaults.backoff.multiplier", "0.5", "between 1 and 100"),
                arguments("defaults.backoff.multiplier", "twice", "a number"),
                arguments("defaults.backoff.jitter", "2.0", "between 0 and 1"),
                arguments("defaults.backoff.max", "8d", "between"),
                arguments("defaults.batch-size", "0", "between 1 and 1000"),
                arguments(orders + "batch-size", "many", "a whole number"),
                arguments(group + "batch-size", "1001", "between 1 and 1000"),
                arguments("defaults.no-retry-for", "com.acme.NoSuchException", "java.io.IOException"),
                arguments("defaults.no-retry-for", "java.lang.String", "names of exception classes"),
                arguments("defaults.retry-only-for", "IOException", "with their packages"),
                arguments("defaults.retry-only-for", "", "set max-retries to 0"),
                arguments(orders + "no-retry-for", "java.io.IOExcepton", "names of exception classes"),
                arguments(group + "retry-only-for", "java.io.IOExcepton", "names of exception classes"),
                arguments("topics.order-events", "4", "its settings, each with a key below it"),
                arguments("topics.order-events.groups.billing", "4", "its settings, each with a key below it"),
                arguments(orders + "partitions", "0", "between 1 and 1024"),
                arguments(orders + "partitions", "2000", "between 1 and 1024"),
                arguments(orders + "retention.max-age", "1ms", "between"),
                arguments(orders + "retention.max-count", "0", "between 1"),
                arguments(orders + "retention.unfinished", "maybe", "drop"),
                arguments(orders + "retention.abandon-after", "59s", "between 1m and 365d"),
                arguments(orders + "retention.abandon-after", "366d", "between 1m and 365d"),
                arguments(orders + "retention.cap", "0", "between 1"),
                arguments(orders + "retention.cap-action", "explode", "reject, drop-oldest"),
                arguments(
                        orders + "retention.cap-action",
                        "drop-oldest",
                        "it needs oqronkit.pubsub.topics.order-events.retention.cap, which is not set"),
                arguments(orders + "dead-letter.retention.max-age", "1ms", "between"),
                arguments(orders + "dead-letter.retention.max-count", "0", "between 1"),
                arguments(orders + "idempotency-window", "1ms", "between"),
                arguments(orders + "dead-letter.max-retries", "-1", "between 0 and 1000"),
                arguments(orders + "dead-letter.max-redrives", "1001", "between 0 and 1000"),
                arguments(orders + "dead-letter.enabled", "perhaps", "true or false"),
                arguments(orders + "ack-mode", "never", "auto, manual"),
                arguments(group + "concurrency", "1001", "between 1 and 1000"),
                arguments(group + "mode", "compete", "competing"),
                arguments(group + "start-from", "soon", "ISO-8601"),
                arguments(group + "ack-deadline", "2h", "between 1s and 1h"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void namesKeyValueAndWhatIsAllowed(String key, String value, String allowed) {
        String text = StartFailure.of(runner.withPropertyValues("oqronkit.pubsub." + key + "=" + value));

        assertThat(text)
                .contains("'oqronkit.pubsub." + key + "'")
                .contains("'" + value + "'")
                .contains(allowed)
                .contains("Correct 'oqronkit.pubsub." + key + "' in the application's configuration.");
    }

    @Test
    void namesABadValueOfTheEndpoint() {
        String text =
                StartFailure.of(runner.withConfiguration(AutoConfigurations.of(PubSubEndpointAutoConfiguration.class))
                        .withBean(RecordingPubSub.class, RecordingPubSub::new)
                        .withPropertyValues(
                                "management.endpoints.web.exposure.include=pubsub",
                                "management.endpoint.pubsub.show-payloads=sometimes"));

        assertThat(text)
                .contains("'management.endpoint.pubsub.show-payloads' has the value 'sometimes'")
                .contains("never, when-authorized, always");
    }

    @Test
    void refusesAnExclusiveGroupWithSeveralHandlers() {
        String text = StartFailure.of(yaml("""
                oqronkit.pubsub:
                  defaults: { concurrency: 4 }
                  topics: { t: { groups: { g: { mode: exclusive } } } }
                """));

        assertThat(text)
                .contains("'oqronkit.pubsub.defaults.concurrency'")
                .contains("'4'")
                .contains("it must be 1 with oqronkit.pubsub.topics.t.groups.g.mode, which is exclusive");
    }

    @Test
    void refusesTwoRulesOfWhatIsRetried() {
        String text = StartFailure.of(runner.withPropertyValues(
                "oqronkit.pubsub.topics.orders.no-retry-for=java.io.IOException",
                "oqronkit.pubsub.topics.orders.retry-only-for=java.sql.SQLException,java.lang.Error"));

        assertThat(text)
                .contains("'oqronkit.pubsub.topics.orders.retry-only-for'")
                .contains("'java.sql.SQLException, java.lang.Error'")
                .contains("it excludes oqronkit.pubsub.topics.orders.no-retry-for, which is set too");
    }

    static Stream<Arguments> unknownKeys() {
        return Stream.of(
                arguments("publish-timout", "5s"),
                arguments("defaults.concurency", "5"),
                arguments("topics.order-events.partition", "5"),
                arguments("topics.order-events.retention.max-size", "5"),
                arguments("topics.order-events.groups.billing.filter", "x"),
                arguments("topics.order.events.partitions", "5"),
                arguments("topic.order-events.partitions", "5"));
    }

    @ParameterizedTest
    @MethodSource("unknownKeys")
    void namesUnknownKeys(String key, String value) {
        String text = StartFailure.of(runner.withPropertyValues("oqronkit.pubsub." + key + "=" + value));

        assertThat(text).contains("oqronkit.pubsub." + key).contains(value);
    }

    @Test
    void namesUnknownKeysInYaml() {
        String text = StartFailure.of(yaml("oqronkit.pubsub:\n  topics:\n    order-events:\n      partitons: 4\n"));

        assertThat(text)
                .contains("oqronkit.pubsub.topics.order-events.partitons")
                .contains("4");
    }

    static Stream<Arguments> badNames() {
        return Stream.of(
                arguments("'[order events]': { partitions: 1 }", "oqronkit.pubsub.topics[order events]"),
                arguments("'[a:b]': { partitions: 1 }", "oqronkit.pubsub.topics[a:b]"),
                arguments("'[__own]': { partitions: 1 }", "oqronkit.pubsub.topics[__own]"),
                arguments(
                        "orders: { groups: { '[b{1}]': { concurrency: 2 } } }",
                        "oqronkit.pubsub.topics.orders.groups[b{1}]"));
    }

    @ParameterizedTest
    @MethodSource("badNames")
    void namesIllegalNames(String topic, String key) {
        String text = StartFailure.of(yaml("oqronkit.pubsub:\n  topics:\n    " + topic + "\n"));

        assertThat(text).contains("'" + key + "'").contains("is not allowed");
    }

    @Test
    void namesBothKeysOfAContradictionAcrossLevels() {
        String text = StartFailure.of(runner.withPropertyValues(
                "oqronkit.pubsub.defaults.backoff.max=10s",
                "oqronkit.pubsub.topics.orders.groups.billing.backoff.initial=30s"));

        assertThat(text)
                .contains("'oqronkit.pubsub.topics.orders.groups.billing.backoff.initial' has the value '30s'")
                .contains("must not be longer than oqronkit.pubsub.defaults.backoff.max, which is 10s");
    }

    @Test
    void refusesACapBelowTheCount() {
        String text = StartFailure.of(runner.withPropertyValues(
                "oqronkit.pubsub.topics.orders.retention.max-count=100",
                "oqronkit.pubsub.topics.orders.retention.cap=99"));

        assertThat(text)
                .contains("'oqronkit.pubsub.topics.orders.retention.cap' has the value '99'")
                .contains("must not be below retention.max-count but was 99 and 100");
    }

    private ApplicationContextRunner yaml(String text) {
        return runner.withInitializer(context -> {
            try {
                new YamlPropertySourceLoader()
                        .load("application.yml", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
                        .forEach(context.getEnvironment().getPropertySources()::addFirst);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
