package io.oqronkit.pubsub.spring;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.NestedExceptionUtils;

/** An annotated method whose attributes are read with placeholders resolved; failures name the method. */
final class SubscriberMethod {

    private final Method method;
    private final OqronSubscriber annotation;
    private final EmbeddedValueResolver resolver;

    SubscriberMethod(Method method, OqronSubscriber annotation, ConfigurableBeanFactory beans) {
        this.method = method;
        this.annotation = annotation;
        this.resolver = new EmbeddedValueResolver(beans);
    }

    OqronSubscriber annotation() {
        return annotation;
    }

    /**
     * The value of an attribute; null if it is empty.
     *
     * @param reader throws IllegalArgumentException saying what is allowed
     */
    <V> @Nullable V read(String attribute, String raw, Function<String, V> reader) {
        String text = resolve(attribute, raw);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw refused("has %s = \"%s\": %s".formatted(attribute, text, e.getMessage()), e);
        }
    }

    <V> V require(String attribute, String raw, Function<String, V> reader) {
        V value = read(attribute, raw, reader);
        if (value == null) {
            throw refused("has %s = \"\": it must be set".formatted(attribute), null);
        }
        return value;
    }

    private String resolve(String attribute, String raw) {
        try {
            String text = resolver.resolveStringValue(raw);
            return text == null ? "" : text.trim();
        } catch (RuntimeException e) {
            String why = NestedExceptionUtils.getMostSpecificCause(e).getMessage();
            throw refused("has %s = \"%s\", which cannot be resolved: %s".formatted(attribute, raw, why), e);
        }
    }

    StartRefusedException refused(String what, @Nullable Throwable cause) {
        return new StartRefusedException(
                "@OqronSubscriber on %s %s.".formatted(this, what), "Correct the annotation or the method.", cause);
    }

    /** {@code com.acme.Billing#charge(OrderEvent)}. */
    @Override
    public String toString() {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", "));
        return method.getDeclaringClass().getName() + "#" + method.getName() + "(" + parameters + ")";
    }
}
