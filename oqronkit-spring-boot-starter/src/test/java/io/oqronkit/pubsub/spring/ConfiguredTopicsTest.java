package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.AfterRetries;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.RetryRule;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.TopicSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

/** What holds for a topic and a group, from YAML. */
class ConfiguredTopicsTest {

    private static final String GROUP = "topics: { t: { groups: { g: { %s } } } }";
    private static final String TOPIC = "topics: { t: { %s } }";
    private static final String DEFAULTS = "defaults: { %s }";

    static Stream<Arguments> precedence() {
        return Stream.of(
                arguments("nothing set", null, 1, ""),
                arguments("defaults", null, 2, DEFAULTS.formatted("concurrency: 2")),
                arguments(
                        "topic over defaults",
                        null,
                        3,
                        "topics: { t: { concurrency: 3 } }\ndefaults: { concurrency: 2 }"),
                arguments("annotation over topic", 4, 4, TOPIC.formatted("concurrency: 3")),
                arguments(
                        "group over annotation",
                        4,
                        5,
                        "topics: { t: { concurrency: 3, groups: { g: { concurrency: 5 } } } }"),
                arguments("another group", 4, 4, "topics: { t: { groups: { other: { concurrency: 5 } } } }"),
                arguments("another topic", null, 1, "topics: { other: { concurrency: 3 } }"),
                arguments("a key of the group leaves the others", 4, 4, GROUP.formatted("ack-mode: manual")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("precedence")
    void theNearestWins(String name, Integer annotation, int expected, String yaml) {
        GroupSettings fromAnnotation = GroupSettings.none().concurrency(annotation);

        GroupSettings set = topics(yaml).group("t", "g", fromAnnotation);

        assertThat(resolved(topics(yaml), set).concurrency()).isEqualTo(expected);
    }

    static Stream<Arguments> retries() {
        return Stream.of(
                arguments("nothing set", 5, ""),
                arguments("defaults", 2, "defaults: { max-retries: 2 }"),
                arguments(
                        "topic over defaults",
                        3,
                        "topics: { t: { dead-letter: { max-retries: 3 } } }\ndefaults: { max-retries: 2 }"),
                arguments(
                        "group over topic",
                        4,
                        "topics: { t: { dead-letter: { max-retries: 3 }, groups: { g: { max-retries: 4 } } } }"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("retries")
    void theNearestRetriesWin(String name, int expected, String yaml) {
        ConfiguredTopics topics = topics(yaml);

        assertThat(resolved(topics, topics.group("t", "g")).maxRetries()).isEqualTo(expected);
    }

    @Test
    void readsEveryKeyOfAGroup() {
        ConfiguredTopics topics = topics("""
                topics:
                  t:
                    groups:
                      g:
                        concurrency: 7
                        mode: key-ordered
                        after-retries: halt
                        ack-mode: manual
                        start-from: 2026-01-01T00:00:00Z
                        max-retries: 3
                        ack-deadline: 20s
                        max-processing-time: 5m
                        backoff: { initial: 2s, multiplier: 3, max: 40s, jitter: 0.1 }
                        no-retry-for: [java.io.IOException, java.lang.AssertionError]
                        batch-size: 50
                """);

        assertThat(topics.group("t", "g"))
                .isEqualTo(GroupSettings.none()
                        .concurrency(7)
                        .mode(ConsumerMode.KEY_ORDERED)
                        .ackMode(AckMode.MANUAL)
                        .startFrom(Position.parse("2026-01-01T00:00:00Z"))
                        .maxRetries(3)
                        .afterRetries(AfterRetries.HALT)
                        .ackDeadline(Duration.ofSeconds(20))
                        .maxProcessingTime(Duration.ofMinutes(5))
                        .backoff(Backoff.of(Duration.ofSeconds(2), 3, Duration.ofSeconds(40), 0.1))
                        .retryRule(RetryRule.noRetryFor(List.of(IOException.class, AssertionError.class)))
                        .batchSize(50));
    }

    static Stream<Arguments> retryRules() {
        String topic = "defaults: { no-retry-for: java.lang.Error }\ntopics: { t: { %s } }";
        return Stream.of(
                arguments("", RetryRule.always()),
                arguments(topic.formatted(""), RetryRule.noRetryFor(List.of(Error.class))),
                arguments(topic.formatted("no-retry-for: []"), RetryRule.always()),
                arguments(
                        topic.formatted("retry-only-for: java.io.IOException"),
                        RetryRule.retryOnlyFor(List.of(IOException.class))),
                arguments(
                        topic.formatted("groups: { g: { no-retry-for: java.io.IOException } }"),
                        RetryRule.noRetryFor(List.of(IOException.class))));
    }

    /** The nearest wins as a whole: classes of several levels are not added up. */
    @ParameterizedTest
    @MethodSource("retryRules")
    void takesWhatIsRetriedFromTheNearest(String yaml, RetryRule expected) {
        ConfiguredTopics topics = topics(yaml);

        assertThat(resolved(topics, topics.group("t", "g")).retryRule()).isEqualTo(expected);
    }

    @Test
    void takesEachPartOfTheBackoffFromTheNearest() {
        ConfiguredTopics topics = topics("""
                defaults: { backoff: { initial: 2s, jitter: 0 } }
                topics: { t: { backoff: { max: 30s }, groups: { g: { backoff: { initial: 3s } } } } }
                """);

        assertThat(topics.group("t", "g").backoff())
                .isEqualTo(Backoff.of(Duration.ofSeconds(3), 2, Duration.ofSeconds(30), 0));
    }

    @Test
    void readsHowATopicIsKept() {
        TopicSpec<String> spec = topics("""
                        topics:
                          order-events:
                            partitions: 4
                            retention: { max-age: 7d, max-count: 100000, unfinished: drop }
                            dead-letter: { enabled: false, max-retries: 2, max-redrives: 7 }
                        """).topic("order-events", String.class);

        assertThat(spec.partitions()).hasValue(4);
        assertThat(spec.retention())
                .isEqualTo(Retention.of(Duration.ofDays(7), 100_000).unfinished(Retention.Unfinished.DROP));
        assertThat(spec.deadLetter().enabled()).isFalse();
        assertThat(spec.deadLetter().maxRetries()).isEqualTo(2);
        assertThat(spec.deadLetter().maxRedrives()).isEqualTo(7);
        assertThat(topics("topics: { t: }").topic("t", String.class).deadLetter())
                .isEqualTo(DeadLetterPolicy.defaults());
    }

    static Stream<Arguments> retentions() {
        Retention week = Retention.of(Duration.ofDays(7), null);
        return Stream.of(
                arguments("{}", Retention.forever()),
                arguments("{ max-age: 7d, abandon-after: 30d }", week.abandonAfter(Duration.ofDays(30))),
                arguments("{ max-age: 7d, cap: 500 }", week.cap(500, CapAction.REJECT)),
                arguments("{ max-age: 7d, cap: 500, cap-action: drop-oldest }", week.cap(500, CapAction.DROP_OLDEST)));
    }

    @ParameterizedTest
    @MethodSource("retentions")
    void readsTheWholeRetention(String yaml, Retention expected) {
        assertThat(topics("topics: { t: { retention: %s } }".formatted(yaml))
                        .topic("t", String.class)
                        .retention())
                .isEqualTo(expected);
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments("order-events", "order-events"),
                arguments("order_events", "order_events"),
                arguments("OrderEvents", "OrderEvents"),
                arguments("'[order.events]'", "order.events"),
                arguments("'[order-events.v2]'", "order-events.v2"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void findsTopicsAndGroupsByName(String key, String name) {
        ConfiguredTopics topics =
                topics("topics: { %s: { partitions: 3, groups: { %s: { concurrency: 9 } } } }".formatted(key, key));

        assertThat(topics.topic(name, String.class).partitions()).hasValue(3);
        assertThat(topics.group(name, name).concurrency()).isEqualTo(9);
    }

    @Test
    void takesATopicOrGroupWithoutSettings() {
        ConfiguredTopics topics = topics("topics: { t: , u: { groups: { g: } } }");

        assertThat(topics.topic("t", String.class).partitions()).isEmpty();
        assertThat(topics.group("u", "g").concurrency()).isNull();
    }

    private static SubscriptionSettings resolved(ConfiguredTopics topics, GroupSettings set) {
        return SubscriptionSettings.resolve(set, topics.topic("t", Object.class).deadLetter());
    }

    private static ConfiguredTopics topics(String yaml) {
        byte[] text = ("oqronkit.pubsub:\n  key-prefix: oq\n" + yaml.indent(2)).getBytes(StandardCharsets.UTF_8);
        try {
            var source = new YamlPropertySourceLoader()
                    .load("application.yml", new ByteArrayResource(text))
                    .get(0);
            Binder binder = new Binder(ConfigurationPropertySources.from(source));
            return new ConfiguredTopics(binder.bindOrCreate("oqronkit.pubsub", PubSubProperties.class));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
