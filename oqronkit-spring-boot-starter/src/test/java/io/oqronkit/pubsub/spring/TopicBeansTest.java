package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import io.oqronkit.pubsub.Retention.Unfinished;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Topics declared as beans, and injected. */
class TopicBeansTest {

    record Order(String id) {}

    @Configuration(proxyBeanMethods = false)
    static class Topics {

        @Value("${weeks:1}")
        int weeks;

        @Bean
        TopicSpec<Order> orders() {
            return TopicSpec.of("orders", Order.class)
                    .retention(Retention.of(Duration.ofDays(7L * weeks), 1_000)
                            .unfinished(Unfinished.DROP)
                            .cap(2_000, CapAction.DROP_OLDEST))
                    .deadLetter(DeadLetterPolicy.afterRetries(9).maxRedrives(1));
        }

        @Bean
        TopicSpec<String> names() {
            return TopicSpec.of("names", String.class);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MoreNames {
        @Bean
        TopicSpec<String> moreNames() {
            return TopicSpec.of("more.names", String.class);
        }
    }

    static class ByType {
        @Autowired
        Topic<Order> orders;

        @Autowired
        Topic<String> names;
    }

    static class ByName {
        @Autowired
        @Qualifier("more.names")
        Topic<String> names;
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
            .withBean(RecordingPubSub.class, RecordingPubSub::new);

    @Test
    void areOpenedAtStartAsTheyAreDeclared() {
        runner.withUserConfiguration(Topics.class).withPropertyValues("weeks=2").run(context -> assertThat(
                        context.getBean(RecordingPubSub.class).topics())
                .extracting(Topic::spec)
                .filteredOn(spec -> spec.name().equals("orders"))
                .singleElement()
                .satisfies(spec -> {
                    assertThat(spec.retention())
                            .isEqualTo(Retention.of(Duration.ofDays(14), 1_000)
                                    .unfinished(Unfinished.DROP)
                                    .cap(2_000, CapAction.DROP_OLDEST));
                    assertThat(spec.deadLetter())
                            .isEqualTo(DeadLetterPolicy.afterRetries(9).maxRedrives(1));
                }));
    }

    @Test
    void areInjectedByTypeAndByName() {
        runner.withUserConfiguration(Topics.class).withBean(ByType.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(ByType.class).orders.name()).isEqualTo("orders");
            assertThat(context.getBean(ByType.class).names.name()).isEqualTo("names");
        });
        runner.withUserConfiguration(Topics.class, MoreNames.class)
                .withBean(ByName.class)
                .run(context ->
                        assertThat(context.getBean(ByName.class).names.name()).isEqualTo("more.names"));
    }

    @Test
    void saysWhichOnesThereAreIfTheTypeIsNotEnough() {
        assertThat(StartFailure.of(runner.withUserConfiguration(Topics.class, MoreNames.class)
                        .withBean(ByType.class)))
                .contains("Several topics have the type io.oqronkit.pubsub.Topic<java.lang.String>: more.names, names.")
                .contains("@Qualifier(\"<topic>\")");
    }

    @Test
    void saysThatATopicIsNotDeclared() {
        assertThat(StartFailure.of(runner.withBean(ByType.class)))
                .contains("There is no topic to inject as io.oqronkit.pubsub.Topic<")
                .contains("Declare a TopicSpec bean of this payload type");
        assertThat(StartFailure.of(runner.withUserConfiguration(Topics.class).withBean(ByName.class)))
                .contains("check the name in @Qualifier");
    }

    @Test
    void propertiesWinValueByValue() {
        runner.withUserConfiguration(Topics.class)
                .withPropertyValues(
                        "oqronkit.pubsub.topics.orders.partitions=3",
                        "oqronkit.pubsub.topics.orders.retention.max-age=1d",
                        "oqronkit.pubsub.topics.orders.retention.unfinished=keep",
                        "oqronkit.pubsub.topics.orders.dead-letter.max-retries=2")
                .run(context -> {
                    TopicSpec<?> spec = context.getBean(ConfiguredTopics.class).topic("orders", Order.class);
                    assertThat(spec.partitions()).hasValue(3);
                    assertThat(spec.retention())
                            .isEqualTo(Retention.of(Duration.ofDays(1), 1_000).cap(2_000, CapAction.DROP_OLDEST));
                    assertThat(spec.deadLetter())
                            .isEqualTo(DeadLetterPolicy.afterRetries(2).maxRedrives(1));
                    assertThat(context.getBean(RecordingPubSub.class).topics())
                            .extracting(topic -> topic.spec().retention())
                            .contains(spec.retention());
                });
    }

    @Test
    void retriesOfADeclarationWinOverTheDefaultsAndLoseToTheTopicsProperties() {
        assertThat(retries("oqronkit.pubsub.defaults.max-retries=2")).isEqualTo(9);
        assertThat(retries("oqronkit.pubsub.topics.orders.dead-letter.max-retries=3"))
                .isEqualTo(3);
    }

    private Integer retries(String property) {
        Integer[] retries = new Integer[1];
        runner.withUserConfiguration(Topics.class).withPropertyValues(property).run(context -> {
            GroupSettings settings = context.getBean(ConfiguredTopics.class).group("orders", "billing");
            retries[0] = settings.maxRetries();
        });
        return retries[0];
    }

    @Test
    void refusesATopicThatIsDeclaredTwice() {
        assertThat(StartFailure.of(runner.withUserConfiguration(Topics.class)
                        .withBean("again", TopicSpec.class, () -> TopicSpec.of("orders", String.class))))
                .contains("Two TopicSpec beans declare the topic 'orders'.");
    }

    @Test
    void namesTheTopicWhoseDeclarationContradictsItsProperties() {
        assertThat(StartFailure.of(runner.withUserConfiguration(Topics.class)
                        .withPropertyValues("oqronkit.pubsub.topics.orders.retention.max-count=5000")))
                .contains("TopicSpec bean of topic 'orders' and its properties contradict each other")
                .contains("2000 and 5000")
                .contains("oqronkit.pubsub.topics.orders");
    }
}
