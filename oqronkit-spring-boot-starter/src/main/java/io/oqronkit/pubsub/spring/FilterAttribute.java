package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.HeaderFilter;
import io.oqronkit.pubsub.MessageFilter;
import io.oqronkit.pubsub.SubscriptionSpec;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;

/**
 * What the text of a filter stands for: {@code @name} a bean, anything else an expression. One that does not look at the
 * payload comes before that is decoded.
 */
final class FilterAttribute {

    private FilterAttribute() {}

    /** @throws IllegalArgumentException saying what is allowed */
    static UnaryOperator<SubscriptionSpec<Object>> read(String text, BeanFactory beans) {
        if (text.matches("@[^\\s.]+")) {
            return of(bean(text.substring(1), beans));
        }
        SpelFilter expression = SpelFilter.parse(text);
        return of(expression.readsPayload() ? expression : expression.ofHeaders());
    }

    private static Object bean(String name, BeanFactory beans) {
        try {
            return beans.getBean(name);
        } catch (NoSuchBeanDefinitionException e) {
            throw new IllegalArgumentException("there is no bean '%s'".formatted(name), e);
        }
    }

    @SuppressWarnings("unchecked") // that a bean filters what the method takes is the application's word
    private static UnaryOperator<SubscriptionSpec<Object>> of(Object filter) {
        if (filter instanceof HeaderFilter ofHeaders) {
            return spec -> spec.headerFilter(ofHeaders);
        }
        if (filter instanceof MessageFilter<?> ofPayload) {
            return spec -> spec.filter((MessageFilter<Object>) ofPayload);
        }
        throw new IllegalArgumentException("the bean must be a MessageFilter or a HeaderFilter but is a "
                + filter.getClass().getName());
    }
}
