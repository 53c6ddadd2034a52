package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.TopicSpec;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.javapoet.ClassName;
import org.springframework.messaging.Message;

/** What an application that is processed ahead of time tells a native image to keep. */
class RuntimeHintsTest {

    record Order(String event, Customer customer, List<Item> items, Map<String, Place> places) {}

    record Customer(String name) {}

    record Item(String sku) {}

    record Place(String city) {}

    record Bill(Payment payment) {}

    sealed interface Payment permits Card, Transfer {}

    record Card(String number) implements Payment {}

    record Transfer(Account account) implements Payment {}

    record Account(String iban) {}

    record Envelope<T>(T content) {}

    record Wrapped(String text) {}

    record OfBatch(String text) {}

    record OfContexts(String text) {}

    record OfBase(String text) {}

    record OfOwnAnnotation(String text) {}

    record OfTopic(NestedOfTopic nested) {}

    record NestedOfTopic(String text) {}

    static class Person {
        private String name = "";

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }
    }

    abstract static class Base<T> {
        @OqronSubscriber(topic = "base", group = "a")
        void inherited(T payload) {}
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @OqronSubscriber(topic = "", group = "a")
    @interface OnTopic {
        @AliasFor(annotation = OqronSubscriber.class, attribute = "topic")
        String value();
    }

    @SuppressWarnings("UnusedMethod")
    static class Handlers extends Base<OfBase> {
        @OqronSubscriber(topic = "orders", group = "a", filter = "customer.name == 'x'")
        void order(Order order) {}

        @OqronSubscriber(topic = "bills", group = "a")
        private void bill(Bill bill) {}

        @OqronSubscriber(topic = "envelopes", group = "a")
        void envelope(MessageContext<Envelope<Wrapped>> context) {}

        @OqronSubscriber(topic = "batches", group = "a")
        void batch(List<OfBatch> batch) {}

        @OqronSubscriber(topic = "contexts", group = "a")
        void contexts(List<MessageContext<OfContexts>> batch) {}

        @OqronSubscriber(topic = "people", group = "a")
        void person(Message<Person> message) {}

        @OnTopic("own")
        void own(OfOwnAnnotation payload) {}
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({PubSubAutoConfiguration.class, PubSubEndpointAutoConfiguration.class})
    static class Application {
        @Bean
        PubSub pubSub() {
            return new RecordingPubSub();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        @Bean
        TopicSpec<OfTopic> topic() {
            return TopicSpec.of("topic", OfTopic.class);
        }
    }

    private static final RuntimeHints HINTS = hints(Beans.class);

    @Test
    void everyLuaProgram() throws Exception {
        String folder = "io/oqronkit/pubsub/internal/redis/scripts/";
        Resource[] scripts = new PathMatchingResourcePatternResolver().getResources("classpath*:" + folder + "*.lua");

        assertThat(scripts).hasSizeGreaterThan(20).allSatisfy(script -> assertThat(
                        resource().forResource(folder + script.getFilename()))
                .accepts(HINTS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "bill", "envelope", "batch", "contexts", "person", "own", "inherited"})
    void handlerMethodsAlsoPrivateAndInheritedOnes(String method) {
        Class<?> declaring = method.equals("inherited") ? Base.class : Handlers.class;

        assertThat(reflection().onMethodInvocation(declaring, method)).accepts(HINTS);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Order.class,
                Customer.class,
                Item.class,
                Place.class,
                Bill.class,
                Card.class,
                Transfer.class,
                Account.class,
                Envelope.class,
                Wrapped.class,
                OfBatch.class,
                OfContexts.class,
                OfBase.class,
                OfOwnAnnotation.class,
                OfTopic.class,
                NestedOfTopic.class
            })
    void payloadsAndWhatTheyAreMadeOf(Class<? extends Record> payload) {
        String first = payload.getRecordComponents()[0].getName();

        assertThat(reflection().onMethodInvocation(payload, first)).accepts(HINTS);
        assertThat(reflection().onConstructorInvocation(payload.getDeclaredConstructors()[0]))
                .accepts(HINTS);
    }

    @Test
    void accessorsOfPayloadsThatAreNoRecords() {
        for (String accessor : Set.of("getName", "setName")) {
            assertThat(reflection().onMethodInvocation(Person.class, accessor)).accepts(HINTS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PubSubEndpoint.Topics.class,
                PubSubEndpoint.Refusal.class,
                TopicReport.class,
                TopicReport.Limits.class,
                TopicReport.DeadLetters.class,
                GroupReport.class,
                GroupReport.Letter.class
            })
    void whatTheEndpointAnswers(Class<? extends Record> answer) {
        String first = answer.getRecordComponents()[0].getName();

        assertThat(reflection().onMethodInvocation(answer, first)).accepts(HINTS);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PubSubProperties.class,
                PubSubProperties.TopicProperties.class,
                PubSubProperties.GroupProperties.class,
                PubSubProperties.BackoffProperties.class,
                PubSubProperties.RetentionProperties.class,
                PubSubProperties.DeadLetterProperties.class,
                PubSubProperties.DeadLetterRetentionProperties.class
            })
    void properties(Class<?> type) {
        assertThat(reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
                .accepts(HINTS);
    }

    /** Reached by name, since the library is compiled for a Java without them. */
    @Test
    void virtualThreadsWhereThereAreAny() throws Exception {
        if (Runtime.version().feature() >= 21) {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            assertThat(reflection().onMethodInvocation(Thread.class, "ofVirtual"))
                    .accepts(HINTS);
            assertThat(reflection().onMethodInvocation(builder, "unstarted")).accepts(HINTS);
        }
    }

    static class NoPayload {
        @OqronSubscriber(topic = "orders", group = "a")
        void on(MessageContext<?> context) {}
    }

    @Test
    void noHandlerThatCouldNotBeSubscribed() {
        assertThatThrownBy(() -> hints(NoPayload.class))
                .hasStackTraceContaining(NoPayload.class.getName() + "#on(MessageContext)")
                .hasStackTraceContaining("does not say what the payload is");
    }

    private static RuntimeHints hints(Class<?> beans) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class, beans);
            TestPropertyValues.of("management.endpoints.web.exposure.include=pubsub")
                    .applyTo(context);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get(RuntimeHintsTest.class)), new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation.getRuntimeHints();
        }
    }
}
