package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageHandler;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

/** What a handler method may take, where its payload type comes from, and what becomes of what it throws. */
class HandlerArgumentsTest {

    record Order(String id) {}

    /** Holds what a handler got. */
    abstract static class Handler {
        final List<Object> got = new ArrayList<>();
    }

    static final class AllArguments extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(
                MessageContext<Order> context,
                @Header("source") String source,
                @Header int weight,
                @Header(name = "missing", required = false) String missing,
                @Header("absent") Optional<String> absent,
                @Header(name = "none", defaultValue = "${app.default-source:fallback}") String fallback,
                @Headers Map<String, Object> headers,
                Message<Order> message,
                Order order) {
            got.addAll(Arrays.asList(
                    context,
                    source,
                    weight,
                    missing,
                    absent,
                    fallback,
                    Map.copyOf(headers),
                    message.getPayload(),
                    order));
        }
    }

    @Test
    void givesEveryKindOfArgument() throws Exception {
        AllArguments handler = new AllArguments();
        Delivery delivery = Delivery.of(new Order("1"));

        subscribed(handler).handle(delivery);

        assertThat(handler.got)
                .containsExactly(
                        delivery,
                        "web",
                        12,
                        null,
                        Optional.empty(),
                        "fallback",
                        Map.of("source", "web", "weight", "12", "id", "abc"),
                        delivery.message(),
                        delivery.message());
    }

    static final class GenericPayload extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(@Payload Map<String, List<Order>> orders) {
            got.add(orders);
        }
    }

    @Test
    void takesGenericPayloadTypesFromTheSignature() throws Exception {
        assertThat(payloadType(new GenericPayload()).getTypeName())
                .isEqualTo("java.util.Map<java.lang.String, java.util.List<" + Order.class.getName() + ">>");
    }

    abstract static class Base<T> extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        public void on(T payload, MessageContext<T> context) {
            got.add(payload);
        }
    }

    static final class OfOrders extends Base<Order> {}

    @Test
    void findsThePayloadTypeOfAGenericBaseClass() throws Exception {
        OfOrders handler = new OfOrders();

        subscribed(handler).handle(Delivery.of(new Order("1")));

        assertThat(payloadType(handler)).isEqualTo(Order.class);
        assertThat(handler.got).containsExactly(new Order("1"));
    }

    static final class OnlyContext extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(MessageContext<List<Order>> context) {
            got.add(context.message());
        }
    }

    @Test
    void findsThePayloadTypeInTheContext() {
        Type type = payloadType(new OnlyContext());

        assertThat(((ParameterizedType) type).getRawType()).isEqualTo(List.class);
    }

    static final class AnyObject extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(Object payload) {
            got.add(payload);
        }
    }

    @Test
    void givesThePayloadToAParameterOfTypeObject() throws Exception {
        AnyObject handler = new AnyObject();

        subscribed(handler).handle(Delivery.of(new Order("1")));

        assertThat(handler.got).containsExactly(new Order("1"));
    }

    static final class Validating extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(@Payload @Validated Order order) {
            got.add(order);
        }
    }

    static final class NeedsId implements Validator {
        @Override
        public boolean supports(Class<?> type) {
            return type == Order.class;
        }

        @Override
        public void validate(Object target, Errors errors) {
            if (((Order) target).id().isEmpty()) {
                errors.reject("id.empty", "an order has an id");
            }
        }
    }

    @Test
    void validatesThePayload() throws Exception {
        Validating handler = new Validating();
        MessageHandler<Object> subscribed =
                subscribed(handler, runner.withBean("validator", Validator.class, NeedsId::new));

        subscribed.handle(Delivery.of(new Order("1")));

        assertThat(handler.got).containsExactly(new Order("1"));
        assertThatThrownBy(() -> subscribed.handle(Delivery.of(new Order(""))))
                .isInstanceOf(MethodArgumentNotValidException.class)
                .hasMessageContaining("an order has an id");
    }

    static final class Failing extends Handler {
        private final Throwable failure;

        Failing(Throwable failure) {
            this.failure = failure;
        }

        @OqronSubscriber(topic = "orders", group = "billing")
        void on(Order order) throws Throwable {
            throw failure;
        }
    }

    @Test
    void passesOnWhatTheHandlerThrows() {
        for (Throwable failure :
                List.of(new IOException("no bank"), new IllegalStateException("no"), new AssertionError("never"))) {
            MessageHandler<Object> handler = subscribed(new Failing(failure));

            assertThatThrownBy(() -> handler.handle(Delivery.of(new Order("1"))))
                    .isSameAs(failure);
        }
    }

    static final class NeedsHeader extends Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(Order order, @Header("tenant") String tenant) {}
    }

    @Test
    void namesAMissingHeaderWithoutThePayload() {
        MessageHandler<Object> handler = subscribed(new NeedsHeader());

        assertThatThrownBy(() -> handler.handle(Delivery.of(new Order("secret"))))
                .isInstanceOf(MessageHandlingException.class)
                .hasMessageContaining("tenant")
                .hasToString(
                        "org.springframework.messaging.MessageHandlingException: Missing header 'tenant' for method"
                                + " parameter type [class java.lang.String], failedMessage=message 0:0-1 of topic orders");
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
            .withBean(RecordingPubSub.class, RecordingPubSub::new);

    private Type payloadType(Handler handler) {
        Type[] type = new Type[1];
        withHandler(handler)
                .run(context -> type[0] =
                        context.getBean(RecordingPubSub.class).only().topic.type());
        return type[0];
    }

    private MessageHandler<Object> subscribed(Handler handler) {
        return subscribed(handler, runner);
    }

    @SuppressWarnings("unchecked")
    private MessageHandler<Object> subscribed(Handler handler, ApplicationContextRunner within) {
        List<MessageHandler<Object>> found = new ArrayList<>();
        within.withBean("handler", Handler.class, () -> handler).run(context -> {
            assertThat(context).hasNotFailed();
            found.add((MessageHandler<Object>)
                    context.getBean(RecordingPubSub.class).only().spec.handler());
        });
        return found.get(0);
    }

    private ApplicationContextRunner withHandler(Handler handler) {
        return runner.withBean("handler", Handler.class, () -> handler);
    }
}
