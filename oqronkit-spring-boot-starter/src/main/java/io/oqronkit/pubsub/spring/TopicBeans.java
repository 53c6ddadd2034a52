package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;

/**
 * Makes a {@code Topic} bean of the same payload type for each {@code TopicSpec} bean, qualified by the topic's name. Comes
 * before all singletons, which may ask for one, and after the post-processors, which a {@code TopicSpec} bean may need.
 */
final class TopicBeans implements BeanFactoryInitializer<DefaultListableBeanFactory> {

    /** Names of topics and of other beans may meet. */
    static final String PREFIX = "topic:";

    @Override
    public void initialize(DefaultListableBeanFactory beans) {
        for (String name : beans.getBeanNamesForType(TopicSpec.class)) {
            TopicSpec<?> spec = beans.getBean(name, TopicSpec.class);
            if (!beans.containsBeanDefinition(PREFIX + spec.name())) { // declared twice is refused by ConfiguredTopics
                beans.registerBeanDefinition(PREFIX + spec.name(), topic(beans, spec));
            }
        }
    }

    private static RootBeanDefinition topic(DefaultListableBeanFactory beans, TopicSpec<?> spec) {
        RootBeanDefinition topic = new RootBeanDefinition(Topic.class);
        topic.setTargetType(ResolvableType.forClassWithGenerics(Topic.class, ResolvableType.forType(spec.type())));
        topic.addQualifier(new AutowireCandidateQualifier(Qualifier.class, spec.name()));
        topic.setInstanceSupplier(() -> open(beans, spec));
        return topic;
    }

    private static <T> Topic<T> open(DefaultListableBeanFactory beans, TopicSpec<T> spec) {
        ConfiguredTopics configuration = beans.getBean(ConfiguredTopics.class);
        return beans.getBean(PubSub.class).topic(configuration.topic(spec));
    }
}
