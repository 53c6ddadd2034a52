package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageFailureClassifier;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicAdmin;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

/** What methods may take and return, from Redis to the method and back. */
@ExtendWith(EmbeddedRedisExtension.class)
class HandlerMethodsIT {

    record Line(String sku, int count) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Card.class, name = "card"),
        @JsonSubTypes.Type(value = Cash.class, name = "cash")
    })
    sealed interface Payment permits Card, Cash {}

    record Card(String number) implements Payment {}

    record Cash(int amount) implements Payment {}

    static final class Handlers {

        final List<Object> got = new CopyOnWriteArrayList<>();

        @OqronSubscriber(topic = "lines", group = "g")
        void lines(Map<String, List<Line>> byOrder) {
            got.add(byOrder);
        }

        @OqronSubscriber(topic = "payments", group = "g")
        void payment(Payment payment) {
            got.add(payment);
        }

        @OqronSubscriber(topic = "valid", group = "g")
        void valid(@Payload @Validated Line line) {
            got.add(line);
        }

        @OqronSubscriber(topic = "async", group = "g", maxRetries = "1")
        CompletionStage<Void> async(Line line) {
            got.add(line.sku());
            return CompletableFuture.runAsync(() -> {
                if (line.count() == 0) {
                    throw new IllegalStateException("nothing to send");
                }
            });
        }

        @OqronSubscriber(topic = "classes", group = "g")
        void classes(Line line) {
            got.add(line.sku());
            throw line.count() == 0 ? new IllegalArgumentException("no count") : new IllegalStateException("no stock");
        }

        @OqronSubscriber(topic = "versions", group = "g", filter = "#headers.version == '2'")
        void secondVersion(Line line) {
            got.add(line);
        }
    }

    static final class Batches {

        final List<Object> got = new CopyOnWriteArrayList<>();

        @OqronSubscriber(topic = "batches", group = "payloads", startFrom = "earliest", autoStartup = "false")
        void payloads(List<Line> lines) {
            got.add(List.copyOf(lines));
        }

        @OqronSubscriber(topic = "batches", group = "contexts", startFrom = "earliest", autoStartup = "false")
        void contexts(List<MessageContext<Line>> contexts) {
            got.add(contexts.stream()
                    .map(c -> c.offset() + " of " + c.key() + ": " + c.message().sku())
                    .toList());
        }

        @OqronSubscriber(topic = "batches", group = "messages", startFrom = "earliest", autoStartup = "false")
        CompletionStage<Void> messages(List<Message<Line>> messages) {
            got.add(messages.stream()
                    .map(m ->
                            m.getHeaders().get("source") + ": " + m.getPayload().sku())
                    .toList());
            return CompletableFuture.completedFuture(null);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        @Bean
        Batches batches() {
            return new Batches();
        }

        @Bean
        Validator validator() {
            return new Validator() {
                @Override
                public boolean supports(Class<?> type) {
                    return type == Line.class;
                }

                @Override
                public void validate(Object target, Errors errors) {
                    if (((Line) target).count() == 0) {
                        errors.rejectValue("count", "count.zero", "a line has a count");
                    }
                }
            };
        }

        @Bean
        MessageFailureClassifier stockIsNotRetried() {
            return failure -> !"no stock".equals(failure.getMessage());
        }
    }

    private ConfigurableApplicationContext application;
    private PubSub pubSub;
    private Handlers handlers;

    @BeforeEach
    void start(EmbeddedRedis redis) {
        application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.data.redis.url=" + GuideUsers.app(redis),
                        "oqronkit.pubsub.defaults.backoff.initial=10ms",
                        "oqronkit.pubsub.topics.classes.groups.g.no-retry-for=java.lang.IllegalArgumentException")
                .run();
        pubSub = application.getBean(PubSub.class);
        handlers = application.getBean(Handlers.class);
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void takesAGenericPayloadByTheMethodsOwnType() {
        publish("lines", Map.of("o1", List.of(new Line("a", 1))));

        await().untilAsserted(() -> assertThat(handlers.got).containsExactly(Map.of("o1", List.of(new Line("a", 1)))));
    }

    @Test
    void takesASealedInterfaceWhoseTypesNameThemselvesInThePayload() {
        publish("payments", Map.of("kind", "card", "number", "42"));
        publish("payments", Map.of("kind", "cash", "amount", 7));
        publish("payments", Map.of("kind", "java.lang.Runtime"));

        DeadLetter dead = awaitDeadLetters("payments", 1).get(0);
        await().untilAsserted(() -> assertThat(handlers.got).containsExactly(new Card("42"), new Cash(7)));
        assertThat(dead.cause()).contains("java.lang.Runtime").contains("PayloadCodecException");
    }

    @Test
    void anInvalidPayloadIsGivenUpAtOnceSinceItWillNotBecomeValid() {
        publish("valid", new Line("a", 0));
        publish("valid", new Line("b", 1));

        DeadLetter dead = awaitDeadLetters("valid", 1).get(0);
        assertThat(dead.attempts()).isEqualTo(1);
        assertThat(dead.cause())
                .endsWith("InvalidPayloadException: the payload is not valid: count: a line has a count");
        await().untilAsserted(() -> assertThat(handlers.got).containsExactly(new Line("b", 1)));
    }

    @Test
    void aStageThatCompletesAcknowledgesAndOneThatFailsIsTriedAgain() {
        publish("async", new Line("a", 1));
        publish("async", new Line("b", 0));

        DeadLetter dead = awaitDeadLetters("async", 1).get(0);
        assertThat(dead.attempts()).isEqualTo(2);
        assertThat(dead.cause()).isEqualTo("java.lang.IllegalStateException: nothing to send");
        assertThat(handlers.got).containsExactly("a", "b", "b");
        assertThat(admin("async").stats().groups().get("g").backlog()).isZero();
    }

    @Test
    void classesOfTheConfigurationAndTheApplicationsClassifierDecideWhatIsRetried() {
        publish("classes", new Line("a", 0));
        publish("classes", new Line("b", 1));

        assertThat(awaitDeadLetters("classes", 2))
                .extracting(dead -> dead.attempts() + " " + dead.cause())
                .containsExactlyInAnyOrder(
                        "1 java.lang.IllegalArgumentException: no count",
                        "1 java.lang.IllegalStateException: no stock");
    }

    @Test
    void whatAHeaderExpressionRejectsIsNotDecoded() {
        pubSub.topic("versions", Object.class)
                .publish(OutgoingMessage.<Object>of("no line").header("version", "1"));
        pubSub.topic("versions", Object.class)
                .publish(OutgoingMessage.<Object>of(new Line("a", 1)).header("version", "2"));

        await().untilAsserted(() -> assertThat(handlers.got).containsExactly(new Line("a", 1)));
        await().until(() -> admin("versions").stats().groups().get("g").backlog() == 0);
        assertThat(admin("versions").deadLetters("g", 1)).isEmpty();
    }

    /** All is there before the first read, so one batch has all of it. */
    @Test
    void takesBatchesAsPayloadsAsContextsAndAsMessages() {
        Topic<Object> topic = pubSub.topic("batches", Object.class);
        for (String sku : List.of("a", "b", "c")) {
            topic.publish(OutgoingMessage.<Object>of(new Line(sku, 1)).key("k").header("source", "web"));
        }
        OqronSubscriberRegistry registry = application.getBean(OqronSubscriberRegistry.class);

        List.of("payloads", "contexts", "messages").forEach(group -> registry.start("batches/" + group));

        await().untilAsserted(() -> assertThat(application.getBean(Batches.class).got)
                .containsExactlyInAnyOrder(
                        List.of(new Line("a", 1), new Line("b", 1), new Line("c", 1)),
                        List.of("1 of k: a", "2 of k: b", "3 of k: c"),
                        List.of("web: a", "web: b", "web: c")));
        await().until(() -> topic.admin().stats().groups().values().stream().allMatch(g -> g.backlog() == 0));
    }

    private List<DeadLetter> awaitDeadLetters(String topic, int count) {
        return await().atMost(Duration.ofSeconds(15))
                .until(() -> admin(topic).deadLetters("g", 10), dead -> dead.size() == count);
    }

    private TopicAdmin admin(String topic) {
        return pubSub.topic(topic, Object.class).admin();
    }

    private void publish(String topic, Object payload) {
        pubSub.topic(topic, Object.class).publish(payload);
    }
}
