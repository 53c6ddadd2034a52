package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oqronkit.pubsub.MessageContext;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.annotation.Validated;

/** Each bad annotation or method stops the start with a text that names the method and what is wrong with it. */
class BadSubscribersTest {

    record Order(String event) {}

    static class Attributes {
        @OqronSubscriber(
                topic = "${topic:orders}",
                group = "${group:billing}",
                filter = "${filter:event == 'order.paid'}",
                concurrency = "${concurrency:}",
                mode = "${mode:}",
                ackMode = "${ackMode:}",
                startFrom = "${startFrom:}",
                maxRetries = "${maxRetries:}",
                autoStartup = "${autoStartup:}",
                id = "${id:}")
        void on(Order order) {}
    }

    static Stream<Arguments> attributes() {
        return Stream.of(
                arguments("topic", "a b", "A-Z a-z 0-9 . _ -"),
                arguments("topic", "", "must be set"),
                arguments("group", "__mine", "reserved"),
                arguments("filter", "event ==", "does not parse at position 6"),
                arguments("filter", "event.length() > 1", "'length()' at position 6 is not allowed"),
                arguments("filter", "@paidOnly", "there is no bean 'paidOnly'"),
                arguments("filter", "@environment", "must be a MessageFilter or a HeaderFilter but is a"),
                arguments("filter", "@paidOnly.accepts(#root)", "is not allowed"),
                arguments("concurrency", "0", "between 1 and 1000"),
                arguments("concurrency", "many", "a whole number"),
                arguments("mode", "compete", "allowed is competing"),
                arguments("ackMode", "never", "allowed is auto, manual"),
                arguments("startFrom", "yesterday", "earliest, latest"),
                arguments("maxRetries", "1001", "between 0 and 1000"),
                arguments("autoStartup", "yes", "allowed is true or false"));
    }

    @ParameterizedTest
    @MethodSource("attributes")
    void namesMethodAttributeValueAndWhatIsAllowed(String attribute, String value, String allowed) {
        String text = StartFailure.of(runner.withBean(Attributes.class).withPropertyValues(attribute + "=" + value));

        assertThat(text)
                .contains("@OqronSubscriber on " + Attributes.class.getName() + "#on(Order)")
                .contains(attribute + " = \"")
                .contains(value)
                .contains(allowed)
                .contains("Correct the annotation or the method.");
    }

    @Test
    void namesWhatCannotBeResolved() {
        String text = StartFailure.of(runner.withBean(Attributes.class).withPropertyValues("id=#{noSuchBean}"));

        assertThat(text)
                .contains("@OqronSubscriber on " + Attributes.class.getName() + "#on(Order)")
                .contains("has id = \"${id:}\", which cannot be resolved")
                .contains("'noSuchBean'");
    }

    static class NoPayload {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(@Header("a") String a) {}
    }

    static class UnknownPayload {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(MessageContext<?> context) {}
    }

    static class TypeVariablePayload<T> {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(T payload) {}
    }

    static class TwoPayloads {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(Order order, String tenant) {}
    }

    static class TwoTypes {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(Order order, MessageContext<String> context) {}
    }

    static class ListAndMore {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(List<Order> orders, @Header("a") String a) {}
    }

    static class UnknownList {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(List<MessageContext<?>> orders) {}
    }

    @SuppressWarnings("rawtypes")
    static class RawContexts {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(List<MessageContext> orders) {}
    }

    static class ValidatedList {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(@Validated List<Order> orders) {}
    }

    static class OrderedBatches {
        @OqronSubscriber(topic = "orders", group = "billing", mode = "exclusive")
        void on(List<Order> orders) {}
    }

    static class PayloadExpression {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(@Payload("event") String event) {}
    }

    static class WithFuture {
        @OqronSubscriber(topic = "orders", group = "billing")
        Future<Void> on(Order order) {
            return new FutureTask<>(() -> null);
        }
    }

    static class Reactive {
        @OqronSubscriber(topic = "orders", group = "billing")
        Publisher<Void> on(Order order) {
            return subscriber -> {};
        }
    }

    static Stream<Arguments> methods() {
        return Stream.of(
                arguments(NoPayload.class, "does not say what the payload is"),
                arguments(UnknownPayload.class, "does not say what the payload is"),
                arguments(TypeVariablePayload.class, "does not say what the payload is"),
                arguments(TwoPayloads.class, "more than one parameter for the payload"),
                arguments(TwoTypes.class, "more than one parameter for the payload"),
                arguments(ListAndMore.class, "takes a List and more"),
                arguments(UnknownList.class, "takes a List that does not say what the payload is"),
                arguments(RawContexts.class, "takes a List that does not say what the payload is"),
                arguments(ValidatedList.class, "a batch is not validated"),
                arguments(OrderedBatches.class, "mode must be competing with a batch handler but was exclusive"),
                arguments(PayloadExpression.class, "@Payload with an expression"),
                arguments(WithFuture.class, "returns a Future, and the message would be acknowledged before"),
                arguments(Reactive.class, "returns a Publisher"),
                arguments(Reactive.class, "return a CompletionStage, as Mono.toFuture() gives"));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void namesMethodsItCannotCall(Class<?> handler, String reason) {
        String text = StartFailure.of(runner.withBean(handler));

        assertThat(text).contains(handler.getName() + "#on(").contains(reason);
    }

    static class One {
        @OqronSubscriber(topic = "orders", group = "billing", concurrency = "2")
        void charge(Order order) {}
    }

    static class Other {
        @OqronSubscriber(topic = "orders", group = "billing", concurrency = "3")
        void bill(Order order) {}
    }

    static class SameId {
        @OqronSubscriber(topic = "orders", group = "shipping", id = "orders/billing")
        void ship(Order order) {}
    }

    @Test
    void namesBothHandlersOfOneGroup() {
        String text = StartFailure.of(runner.withBean(One.class).withBean(Other.class));

        assertThat(text)
                .contains(One.class.getName() + "#charge(Order)")
                .contains(Other.class.getName() + "#bill(Order)")
                .contains("both handle topic and group orders/billing");
    }

    @Test
    void namesBothHandlersOfOneId() {
        String text = StartFailure.of(runner.withBean(One.class).withBean(SameId.class));

        assertThat(text)
                .contains("#charge(Order)")
                .contains("#ship(Order)")
                .contains("both have the id orders/billing");
    }

    static class PrivateMethod {
        @OqronSubscriber(topic = "orders", group = "billing")
        @SuppressWarnings("UnusedMethod")
        private void on(Order order) {}
    }

    interface Port {
        void other();
    }

    static class BehindInterface implements Port {
        @Override
        public void other() {}

        @OqronSubscriber(topic = "orders", group = "billing")
        public void on(Order order) {}
    }

    @Test
    void refusesPrivateMethodsOfProxies() {
        String text = StartFailure.of(runner.withBean("handler", Object.class, () -> proxy(new PrivateMethod(), true)));

        assertThat(text)
                .contains(PrivateMethod.class.getName() + "#on(Order) cannot be called through the bean's proxy")
                .contains("visibility");
    }

    @Test
    void refusesMethodsThatAnInterfaceProxyHides() {
        String text =
                StartFailure.of(runner.withBean("handler", Object.class, () -> proxy(new BehindInterface(), false)));

        assertThat(text)
                .contains(BehindInterface.class.getName() + "#on(Order) cannot be called through the bean's proxy")
                .contains("interface");
    }

    @Test
    void namesWhatTheConfigurationContradicts() {
        String text = StartFailure.of(runner.withBean(One.class)
                .withPropertyValues(
                        "oqronkit.pubsub.topics.orders.groups.billing.ack-deadline=1m",
                        "oqronkit.pubsub.topics.orders.max-processing-time=10s",
                        "oqronkit.pubsub.topics.orders.ack-deadline=5s"));

        assertThat(text)
                .contains("'oqronkit.pubsub.topics.orders.groups.billing.ack-deadline' has the value '1m'")
                .contains("oqronkit.pubsub.topics.orders.max-processing-time, which is 10s");
    }

    static Object proxy(Object target, boolean ofClass) {
        ProxyFactory factory = new ProxyFactory(target);
        factory.setProxyTargetClass(ofClass);
        return factory.getProxy();
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
            .withBean(RecordingPubSub.class, RecordingPubSub::new);
}
