package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.TopicSpec;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * Keeps {@link OqronSubscriber} methods callable in a native image, and payloads, theirs and those of {@link TopicSpec}
 * beans, within reach of JSON and of filters. Asks the bean and not the method alone, since only the bean knows what the
 * {@code T} of a generic base class stands for. A method that could not be subscribed fails here as it would at start.
 */
final class PayloadAotProcessor implements BeanRegistrationAotProcessor {

    private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Map<Method, OqronSubscriber> methods = SubscriberScanner.methods(bean.getBeanClass());
        List<Type> payloads = new ArrayList<>();
        methods.forEach((method, annotation) -> payloads.add(SubscriberFactory.payload(
                method, bean.getBeanClass(), new SubscriberMethod(method, annotation, bean.getBeanFactory()))));
        if (bean.getBeanClass() == TopicSpec.class) {
            payloads.add(bean.getBeanType().getGeneric().getType());
        }
        return payloads.isEmpty()
                ? null
                : (context, code) -> register(context.getRuntimeHints().reflection(), methods.keySet(), payloads);
    }

    private static void register(ReflectionHints hints, Set<Method> methods, List<Type> payloads) {
        methods.forEach(method -> hints.registerMethod(method, ExecutableMode.INVOKE));
        BINDING.registerReflectionHints(hints, withPermitted(payloads).toArray(Type[]::new));
    }

    /** And what sealed types permit, wherever one is met: JSON finds these by itself, Spring's registrar does not. */
    private static List<Type> withPermitted(List<Type> payloads) {
        List<Type> all = new ArrayList<>(payloads);
        ReflectionHints met = new ReflectionHints();
        for (int i = 0; i < all.size(); i++) {
            BINDING.registerReflectionHints(met, all.get(i));
            met.typeHints()
                    .map(hint -> ClassUtils.resolveClassName(hint.getType().getName(), null))
                    .filter(Class::isSealed)
                    .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                    .filter(type -> !all.contains(type))
                    .distinct()
                    .toList()
                    .forEach(all::add);
        }
        return all;
    }
}
