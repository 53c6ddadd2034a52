package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSub;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code pubsub}, where it is exposed. */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(PubSubEndpoint.class)
@ConditionalOnBean(PubSub.class)
@EnableConfigurationProperties(PubSubEndpointProperties.class)
@RegisterReflectionForBinding({PubSubEndpoint.Topics.class, PubSubEndpoint.Refusal.class})
public final class PubSubEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    PubSubEndpoint pubsubEndpoint(PubSub pubSub, PubSubEndpointProperties properties) {
        return new PubSubEndpoint(pubSub, properties, new PubSubAudit());
    }
}
