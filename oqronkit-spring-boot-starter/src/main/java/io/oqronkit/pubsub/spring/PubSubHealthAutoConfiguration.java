package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSub;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/** The health component {@code pubsub}; {@code management.health.pubsub.enabled=false} turns it off. */
@AutoConfiguration(after = PubSubAutoConfiguration.class)
@ConditionalOnClass({HealthContributor.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(PubSub.class)
@ConditionalOnEnabledHealthIndicator("pubsub")
public final class PubSubHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "pubsubHealthContributor")
    HealthContributor pubsubHealthContributor(PubSub pubSub, OqronSubscriberRegistry registry) {
        return new PubSubHealthIndicator(pubSub, registry);
    }
}
