package io.oqronkit.pubsub.spring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationRegistry;
import io.oqronkit.pubsub.observation.ProcessObservationConvention;
import io.oqronkit.pubsub.observation.PublishObservationConvention;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Meters and traces where the application has a registry; {@code oqronkit.pubsub.observation.enabled=false} for none. */
@AutoConfiguration(before = PubSubAutoConfiguration.class)
@ConditionalOnProperty(name = "oqronkit.pubsub.observation.enabled", matchIfMissing = true)
public final class PubSubObservationAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class Meters {

        @Bean
        BuilderCustomizer oqronMeters(ObjectProvider<MeterRegistry> registry) {
            return builder -> registry.ifUnique(builder::meterRegistry);
        }

        /** What a handler would make of our observations are the timers once more. */
        @Bean
        static MeterFilter oqronObservationMeterFilter() {
            return MeterFilter.denyNameStartsWith("oqronkit.pubsub.observation");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    static class Traces {

        @Bean
        BuilderCustomizer oqronTraces(
                ObjectProvider<ObservationRegistry> registry,
                ObjectProvider<PublishObservationConvention> publishing,
                ObjectProvider<ProcessObservationConvention> processing) {
            return builder -> {
                registry.ifUnique(builder::observationRegistry);
                publishing.ifUnique(builder::observationConvention);
                processing.ifUnique(builder::observationConvention);
            };
        }
    }
}
