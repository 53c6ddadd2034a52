package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.Message;

/**
 * The list that a batch handler takes: of payloads, of {@link MessageContext}s, or of Spring's messages.
 *
 * @param payload the type of each message's payload
 * @param element what stands in the list for a message
 */
record BatchParameter(Type payload, Function<MessageContext<Object>, Object> element) {

    /**
     * Null if the method takes one message at a time.
     *
     * @throws StartRefusedException if it takes a list that cannot be given
     */
    static @Nullable BatchParameter of(Method method, Class<?> beanType, SubscriberMethod source) {
        List<MethodParameter> parameters = IntStream.range(0, method.getParameterCount())
                .<MethodParameter>mapToObj(i -> new SynthesizingMethodParameter(method, i))
                .toList();
        if (parameters.stream().noneMatch(BatchParameter::isBatch)) {
            return null;
        }
        if (parameters.size() > 1) {
            throw source.refused(
                    "takes a List and more: a batch handler takes the list alone, as List<MessageContext<T>> where it needs headers",
                    null);
        }
        MethodParameter list = parameters.get(0);
        if (Arrays.stream(list.getParameterAnnotations())
                .anyMatch(any -> any.annotationType().getSimpleName().startsWith("Valid"))) {
            throw source.refused("has a List to validate: a batch is not validated, a single payload is", null);
        }
        BatchParameter batch = of(GenericTypeResolver.resolveType(list.getGenericParameterType(), beanType));
        if (batch == null) {
            throw source.refused(
                    "takes a List that does not say what the payload is: List<T>, List<MessageContext<T>> or List<Message<T>> does",
                    null);
        }
        return batch;
    }

    private static boolean isBatch(MethodParameter parameter) {
        return parameter.getParameterType() == List.class && !PayloadType.isHeader(parameter);
    }

    private static @Nullable BatchParameter of(Type list) {
        Type element = argument(list);
        if (element instanceof ParameterizedType wrapper && wrapper.getRawType() == MessageContext.class) {
            return of(argument(wrapper), context -> context);
        }
        if (element instanceof ParameterizedType wrapper && wrapper.getRawType() == Message.class) {
            return of(argument(wrapper), DeliveredMessage::new);
        }
        boolean unknown = element == MessageContext.class || element == Message.class;
        return of(unknown ? null : element, MessageContext::message);
    }

    private static @Nullable BatchParameter of(
            @Nullable Type payload, Function<MessageContext<Object>, Object> element) {
        return payload == null ? null : new BatchParameter(payload, element);
    }

    private static @Nullable Type argument(Type type) {
        return type instanceof ParameterizedType generic
                ? PayloadType.concrete(generic.getActualTypeArguments()[0])
                : null;
    }
}
