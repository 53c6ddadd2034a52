package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.spring.PubSubProperties.GroupProperties;
import io.oqronkit.pubsub.spring.PubSubProperties.TopicProperties;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/** A property of ours that is not of its type: says what is allowed, which Boot's own analysis leaves to its stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyValueFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    /** Not taken from its class, which needs the actuator. */
    private static final String ENDPOINT = "management.endpoint.pubsub.";

    private static final Map<Class<?>, String> ALLOWED = Map.of(
            Duration.class, "a duration such as 500ms, 30s, 10m, 2h or 7d",
            Integer.class, "a whole number",
            Long.class, "a whole number",
            Double.class, "a number such as 1.5",
            boolean.class, "true or false",
            Boolean.class, "true or false",
            TopicProperties.class, "its settings, each with a key below it",
            GroupProperties.class, "its settings, each with a key below it");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        ConfigurationProperty property = cause.getProperty();
        ConversionFailedException conversion = findCause(cause, ConversionFailedException.class);
        if (property == null || conversion == null || !isOurs(property)) {
            return null;
        }
        Class<?> type = conversion.getTargetType().getType();
        String allowed = type.isEnum() ? RelaxedNames.all(type) : ALLOWED.getOrDefault(type, type.getSimpleName());
        StartRefusedException refused = StartRefusedException.property(
                property.getName().toString(), String.valueOf(property.getValue()), "allowed is " + allowed);
        return new FailureAnalysis(String.valueOf(refused.getMessage()), refused.action(), cause);
    }

    private static boolean isOurs(ConfigurationProperty property) {
        String name = property.getName().toString();
        return name.startsWith(PubSubProperties.PREFIX + ".") || name.startsWith(ENDPOINT);
    }
}
