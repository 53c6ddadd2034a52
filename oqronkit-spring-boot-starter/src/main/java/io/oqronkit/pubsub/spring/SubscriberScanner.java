package io.oqronkit.pubsub.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Finds the {@link OqronSubscriber} methods of all beans, proxied ones included. They are registered once every singleton
 * stands, and those of beans that come later at once.
 */
final class SubscriberScanner implements BeanPostProcessor, SmartInitializingSingleton {

    private record Found(Object bean, Map<Method, OqronSubscriber> methods) {}

    private final ObjectProvider<SubscriberFactory> factory;
    private final ObjectProvider<OqronSubscriberRegistry> registry;
    private final List<Found> waiting = new ArrayList<>();
    private boolean singletonsStand;

    SubscriberScanner(ObjectProvider<SubscriberFactory> factory, ObjectProvider<OqronSubscriberRegistry> registry) {
        this.factory = factory;
        this.registry = registry;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (ScopedProxyUtils.isScopedTarget(beanName)) {
            return bean;
        }
        Map<Method, OqronSubscriber> methods = methods(AopUtils.getTargetClass(bean));
        if (!methods.isEmpty()) {
            found(new Found(bean, methods));
        }
        return bean;
    }

    static Map<Method, OqronSubscriber> methods(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, OqronSubscriber.class)
                ? MethodIntrospector.selectMethods(type, SubscriberScanner::annotation)
                : Map.of();
    }

    private static @Nullable OqronSubscriber annotation(Method method) {
        return AnnotatedElementUtils.findMergedAnnotation(method, OqronSubscriber.class);
    }

    private void found(Found found) {
        synchronized (waiting) {
            if (!singletonsStand) {
                waiting.add(found);
                return;
            }
        }
        register(found);
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<Found> all;
        synchronized (waiting) {
            singletonsStand = true;
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(this::register);
    }

    private void register(Found found) {
        found.methods().forEach((method, annotation) -> registry.getObject()
                .register(factory.getObject().read(found.bean(), method, annotation)));
    }
}
