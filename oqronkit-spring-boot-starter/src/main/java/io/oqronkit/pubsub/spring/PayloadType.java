package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;

/** What a handler method says of the payload's type. It is the only source, so that data never chooses a class. */
final class PayloadType {

    private static final List<Class<?>> CANNOT_BE_AWAITED = List.of(Future.class, Publisher.class);

    private PayloadType() {}

    /** @throws StartRefusedException if nobody could wait for what the method returns */
    static void checkResult(Method method, SubscriberMethod source) {
        Class<?> returned = method.getReturnType();
        if (!CompletionStage.class.isAssignableFrom(returned)
                && CANNOT_BE_AWAITED.stream().anyMatch(type -> type.isAssignableFrom(returned))) {
            throw source.refused(
                    "returns a %s, and the message would be acknowledged before that is done: return a CompletionStage, as Mono.toFuture() gives, or wait for it and return void"
                            .formatted(returned.getSimpleName()),
                    null);
        }
    }

    /** @throws StartRefusedException if the method does not name one type */
    static Type of(Method method, Class<?> beanType, SubscriberMethod source) {
        Set<Type> types = new LinkedHashSet<>();
        int payloads = 0;
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new SynthesizingMethodParameter(method, i);
            if (!isHeader(parameter)) {
                payloads += isWrapper(parameter) ? 0 : 1;
                Type type = payload(parameter, beanType, source);
                if (type != null) {
                    types.add(type);
                }
            }
        }
        if (payloads > 1 || types.size() > 1) {
            throw source.refused("has more than one parameter for the payload: mark headers with @Header", null);
        }
        return types.stream()
                .findFirst()
                .orElseThrow(() -> source.refused(
                        "does not say what the payload is: it needs a parameter of the payload's type, or MessageContext with a type argument",
                        null));
    }

    static boolean isHeader(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(Header.class)
                || parameter.hasParameterAnnotation(Headers.class)
                || MessageHeaders.class.isAssignableFrom(parameter.getParameterType());
    }

    private static boolean isWrapper(MethodParameter parameter) {
        Class<?> type = parameter.getParameterType();
        return type == MessageContext.class || type == Message.class;
    }

    /** Null if the parameter does not tell, as {@code MessageContext<?>}. */
    private static @Nullable Type payload(MethodParameter parameter, Class<?> beanType, SubscriberMethod source) {
        Payload payload = parameter.getParameterAnnotation(Payload.class);
        if (payload != null && !payload.expression().isEmpty()) {
            throw source.refused("has a @Payload with an expression: take the whole payload", null);
        }
        Type type = GenericTypeResolver.resolveType(parameter.getGenericParameterType(), beanType);
        if (!isWrapper(parameter)) {
            return concrete(type);
        }
        return type instanceof ParameterizedType wrapper ? concrete(wrapper.getActualTypeArguments()[0]) : null;
    }

    static @Nullable Type concrete(Type type) {
        if (type instanceof WildcardType wildcard) {
            Type bound = wildcard.getUpperBounds()[0];
            return bound == Object.class ? null : concrete(bound);
        }
        return type instanceof TypeVariable ? null : type;
    }
}
