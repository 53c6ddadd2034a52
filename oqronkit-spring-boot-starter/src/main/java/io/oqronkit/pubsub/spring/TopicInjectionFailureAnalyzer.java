package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.Topic;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/** A {@code Topic} that is asked for and is not there, or is there several times. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class TopicInjectionFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
        ResolvableType wanted = cause.getResolvableType();
        if (wanted == null || wanted.resolve() != Topic.class) {
            return null;
        }
        if (cause instanceof NoUniqueBeanDefinitionException several && several.getBeanNamesFound() != null) {
            String topics = several.getBeanNamesFound().stream()
                    .map(name -> name.startsWith(TopicBeans.PREFIX) ? name.substring(TopicBeans.PREFIX.length()) : name)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return new FailureAnalysis(
                    "Several topics have the type %s: %s.".formatted(wanted, topics),
                    "Choose one by its name: @Qualifier(\"<topic>\").",
                    cause);
        }
        return new FailureAnalysis(
                "There is no topic to inject as %s.".formatted(wanted),
                "Declare a TopicSpec bean of this payload type, in a configuration class that needs no Topic itself;"
                        + " if there is one, check the name in @Qualifier.",
                cause);
    }
}
