package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.TopicSpec;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;
import org.springframework.messaging.handler.annotation.support.MessageHandlerMethodFactory;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/** Reads an annotated method into a {@link Subscriber}, or refuses it with a message that names method and attribute. */
final class SubscriberFactory {

    private static final SubscriptionSpec<Object> ANY = SubscriptionSpec.group("any");

    private final ConfiguredTopics configuration;
    private final MessageHandlerMethodFactory handlerMethods;
    private final ConfigurableBeanFactory beans;

    SubscriberFactory(
            ConfiguredTopics configuration, MessageHandlerMethodFactory handlerMethods, ConfigurableBeanFactory beans) {
        this.configuration = configuration;
        this.handlerMethods = handlerMethods;
        this.beans = beans;
    }

    Subscriber read(Object bean, Method method, OqronSubscriber annotation) {
        SubscriberMethod source = new SubscriberMethod(method, annotation, beans);
        PayloadType.checkResult(method, source);
        Class<?> type = AopUtils.getTargetClass(bean);
        BatchParameter batch = BatchParameter.of(method, type, source);
        TopicSpec<Object> topic = topic(source, payload(method, type, source));
        InvocableHandlerMethod invocable = invocable(bean, method, source);
        SubscriptionSpec<Object> spec = spec(source, topic.name());
        spec = batch != null
                ? spec.batchHandler(new BatchSubscriberHandler(invocable, batch.element()))
                : spec.handler(new SubscriberHandler(invocable));
        String id = source.read("id", annotation.id(), text -> text);
        Boolean autoStartup = source.read("autoStartup", annotation.autoStartup(), SubscriberFactory::trueOrFalse);
        return new Subscriber(
                id == null ? topic.name() + "/" + spec.group() : id,
                source.toString(),
                topic,
                checked(spec, topic, source),
                autoStartup == null || autoStartup);
    }

    /** The type of each message's payload, whether they come one by one or as a list. */
    static Type payload(Method method, Class<?> beanType, SubscriberMethod source) {
        BatchParameter batch = BatchParameter.of(method, beanType, source);
        return batch != null ? batch.payload() : PayloadType.of(method, beanType, source);
    }

    private TopicSpec<Object> topic(SubscriberMethod source, Type payload) {
        return source.require("topic", source.annotation().topic(), name -> configuration
                .topic(name, Object.class)
                .type(payload));
    }

    /** Group, filter and settings: the group's properties over the annotation over topic and defaults. */
    private SubscriptionSpec<Object> spec(SubscriberMethod source, String topic) {
        OqronSubscriber from = source.annotation();
        SubscriptionSpec<Object> spec = source.require("group", from.group(), SubscriptionSpec::group);
        UnaryOperator<SubscriptionSpec<Object>> filter =
                source.read("filter", from.filter(), text -> FilterAttribute.read(text, beans));
        GroupSettings annotation = GroupSettings.none()
                .concurrency(source.read("concurrency", from.concurrency(), text -> number(text, ANY::concurrency)))
                .mode(source.read("mode", from.mode(), text -> constant(ConsumerMode.class, text)))
                .ackMode(source.read("ackMode", from.ackMode(), text -> constant(AckMode.class, text)))
                .startFrom(source.read("startFrom", from.startFrom(), Position::parse))
                .maxRetries(source.read("maxRetries", from.maxRetries(), text -> number(text, ANY::maxRetries)));
        spec = spec.settings(configuration.group(topic, spec.group(), annotation));
        return filter == null ? spec : filter.apply(spec);
    }

    private InvocableHandlerMethod invocable(Object bean, Method method, SubscriberMethod source) {
        try {
            Method invocable = AopUtils.selectInvocableMethod(method, bean.getClass());
            return handlerMethods.createInvocableHandlerMethod(bean, invocable);
        } catch (IllegalStateException e) {
            throw source.refused("cannot be called through the bean's proxy: " + e.getMessage(), e);
        }
    }

    private static SubscriptionSpec<Object> checked(
            SubscriptionSpec<Object> spec, TopicSpec<Object> topic, SubscriberMethod source) {
        try {
            spec.resolve(GroupSettings.none(), topic.deadLetter());
            return spec;
        } catch (IllegalArgumentException e) {
            throw source.refused("and its configuration contradict each other: " + e.getMessage(), e);
        }
    }

    /** @param bounds throws IllegalArgumentException if the number is beyond them */
    private static int number(String text, IntConsumer bounds) {
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it must be a whole number", e);
        }
        bounds.accept(number);
        return number;
    }

    /** In Boot's relaxed form: {@code manual}, {@code MANUAL} and {@code Manual} are the same. */
    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        try {
            E constant = ApplicationConversionService.getSharedInstance().convert(text, type);
            if (constant != null) {
                return constant;
            }
        } catch (ConversionException e) {
            // Said below, with what is allowed.
        }
        throw new IllegalArgumentException("allowed is " + RelaxedNames.all(type));
    }

    private static boolean trueOrFalse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("allowed is true or false");
        };
    }
}
