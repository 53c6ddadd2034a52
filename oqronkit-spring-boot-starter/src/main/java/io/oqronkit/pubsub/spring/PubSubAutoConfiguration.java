package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.Durability;
import io.oqronkit.pubsub.MessageFailureClassifier;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.TrafficListener;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.validation.Validator;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link PubSub} on the application's Redis, and handlers for its {@link OqronSubscriber} methods. An application that
 * defines a {@code PubSub} bean replaces ours.
 */
@AutoConfiguration(after = DataRedisAutoConfiguration.class)
@EnableConfigurationProperties(PubSubProperties.class)
public final class PubSubAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(PubSubAutoConfiguration.class);

    /** First of all our beans, so that a bad property is reported before Redis is asked. */
    @Bean
    ConfiguredTopics oqronConfiguredTopics(PubSubProperties properties, ObjectProvider<TopicSpec<?>> declared) {
        return new ConfiguredTopics(properties, declared.orderedStream());
    }

    @Bean
    static TopicBeans oqronTopicBeans() {
        return new TopicBeans();
    }

    @Bean
    @ConditionalOnMissingBean(PubSub.class)
    PubSubRedisClient oqronRedisClient(
            ConfiguredTopics checked,
            PubSubProperties properties,
            ListableBeanFactory beans,
            ObjectProvider<RedisConnectionFactory> usual,
            @OqronRedis ObjectProvider<RedisConnectionFactory> marked,
            ObjectProvider<DataRedisConnectionDetails> details) {
        RedisFactoryChoice choice = new RedisFactoryChoice(
                beans.getBeansOfType(RedisConnectionFactory.class),
                marked.stream().toList(),
                usual);
        LettuceConnectionFactory lettuce = choice.choose(properties.connectionFactory());
        if (details.stream().anyMatch(any -> any.getMasterReplica() != null)) {
            throw PubSubRedisClient.refused("spring.data.redis.masterreplica.nodes is set");
        }
        return new PubSubRedisClient(lettuce);
    }

    @Bean
    @ConditionalOnMissingBean
    PubSub pubSub(
            PubSubRedisClient redis,
            PubSubProperties properties,
            ConfiguredTopics topics,
            ObjectProvider<BuilderCustomizer> parts,
            ObjectProvider<PubSubCustomizer> customizers,
            Environment environment) {
        OqronPubSub builder = OqronPubSub.builder(redis.client())
                .allowEviction(properties.allowEviction())
                .virtualThreads(Threading.VIRTUAL.isActive(environment))
                .configuration(topics);
        String prefix = PubSubProperties.PREFIX;
        PropertyChecks.tried(prefix + ".key-prefix", properties.keyPrefix(), builder::keyPrefix);
        PropertyChecks.tried(
                prefix + ".durability", properties.durability(), text -> builder.durability(Durability.parse(text)));
        PropertyChecks.tried(prefix + ".publish-timeout", properties.publishTimeout(), builder::publishTimeout);
        PropertyChecks.tried(prefix + ".shutdown-timeout", properties.shutdownTimeout(), builder::shutdownTimeout);
        builder.shutdownTimeout(shutdownTimeout(properties.shutdownTimeout(), environment));
        String application = environment.getProperty("spring.application.name");
        if (application != null) {
            builder.instanceName(application);
        }
        parts.forEach(part -> part.customize(builder));
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    @Bean
    BuilderCustomizer oqronApplicationBeans(
            ObjectProvider<JsonMapper> jsonMapper,
            ObjectProvider<PayloadCodec> codec,
            ObjectProvider<PubSubListener> listeners,
            ObjectProvider<TrafficListener> trafficListeners,
            ObjectProvider<MessageFailureClassifier> classifiers) {
        return builder -> {
            jsonMapper.ifUnique(builder::jsonMapper);
            codec.ifUnique(builder::codec);
            listeners.orderedStream().forEach(builder::listener);
            trafficListeners.orderedStream().forEach(builder::trafficListener);
            builder.failureClassifier(
                    new FailureClassifiers(classifiers.orderedStream().toList()));
        };
    }

    /** Handlers get what the application's shutdown phase gives, less a second to hand back and to say goodbye. */
    static Duration shutdownTimeout(Duration wanted, Environment environment) {
        String key = "spring.lifecycle.timeout-per-shutdown-phase";
        Duration phase = Objects.requireNonNullElse(
                Binder.get(environment).bind(key, Duration.class).orElse(null), Duration.ofSeconds(30));
        Duration lessASecond = phase.minusSeconds(1);
        Duration cut = lessASecond.compareTo(Duration.ofSeconds(1)) < 0 ? phase.dividedBy(2) : lessASecond;
        if (wanted.compareTo(cut) <= 0) {
            return wanted;
        }
        log.warn(
                "oqronkit.pubsub.shutdown-timeout={} is cut to {}, since {}={}",
                StartRefusedException.text(wanted),
                StartRefusedException.text(cut),
                key,
                StartRefusedException.text(phase));
        return cut;
    }

    @Bean
    SubscriberFactory oqronSubscriberFactory(
            ConfiguredTopics topics, ConfigurableBeanFactory beans, ObjectProvider<Validator> validator) {
        DefaultMessageHandlerMethodFactory handlerMethods = new DefaultMessageHandlerMethodFactory();
        handlerMethods.setBeanFactory(beans);
        handlerMethods.setCustomArgumentResolvers(List.of(new DeliveredMessage.ContextResolver()));
        validator.ifUnique(handlerMethods::setValidator);
        handlerMethods.afterPropertiesSet();
        return new SubscriberFactory(topics, handlerMethods, beans);
    }

    @Bean
    OqronSubscriberRegistry oqronSubscriberRegistry(PubSub pubSub) {
        return new OqronSubscriberRegistry(pubSub);
    }

    @Bean
    static SubscriberScanner oqronSubscriberScanner(
            ObjectProvider<SubscriberFactory> factory, ObjectProvider<OqronSubscriberRegistry> registry) {
        return new SubscriberScanner(factory, registry);
    }
}
