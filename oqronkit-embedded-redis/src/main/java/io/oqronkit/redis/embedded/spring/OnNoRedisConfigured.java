package io.oqronkit.redis.embedded.spring;

import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches while nothing under {@code spring.data.redis} says where a Redis is. Never ahead of time: what is decided there
 * holds for good, and would win over the Redis that is configured where the application runs.
 */
final class OnNoRedisConfigured extends SpringBootCondition {

    private static final String PREFIX = "spring.data.redis.";
    private static final List<String> ADDRESSES =
            List.of("host", "port", "url", "sentinel", "cluster", "masterreplica");

    @Override
    public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConditionMessage.Builder message = ConditionMessage.forCondition("No Redis configured");
        if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING)) {
            return ConditionOutcome.noMatch(message.because("the application is processed ahead of time"));
        }
        Binder binder = Binder.get(context.getEnvironment());
        for (String name : ADDRESSES) {
            if (isSet(binder, PREFIX + name)) {
                return ConditionOutcome.noMatch(message.found("property").items(PREFIX + name));
            }
        }
        return ConditionOutcome.match(message.didNotFind("any address below").items(PREFIX));
    }

    private static boolean isSet(Binder binder, String name) {
        return binder.bind(name, Bindable.of(String.class)).isBound()
                || binder.bind(name, Bindable.mapOf(String.class, Object.class)).isBound();
    }
}
