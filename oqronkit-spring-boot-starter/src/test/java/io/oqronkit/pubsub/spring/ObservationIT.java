package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.tracing.MicrometerTracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.observation.PublishObservationContext;
import io.oqronkit.pubsub.observation.PublishObservationConvention;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** From the application's registries to meters and observations. */
@ExtendWith(EmbeddedRedisExtension.class)
class ObservationIT {

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    @Test
    void usesTheRegistriesThereAre(EmbeddedRedis redis) {
        runner(redis).run(context -> {
            context.getBean(PubSub.class).topic("orders", String.class).publish("first");

            assertThat(meters.get("oqronkit.pubsub.publish")
                            .tag("outcome", "stored")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(observed).containsExactly("orders publish");
        });
    }

    @Test
    void doesNotIfItIsSwitchedOff(EmbeddedRedis redis) {
        runner(redis)
                .withPropertyValues("oqronkit.pubsub.observation.enabled=false")
                .run(context -> {
                    context.getBean(PubSub.class).topic("orders", String.class).publish("first");

                    assertThat(meters.getMeters()).isEmpty();
                    assertThat(observed).isEmpty();
                });
    }

    @Test
    void startsWithoutMicrometersMeters(EmbeddedRedis redis) {
        runner(redis)
                .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> {
                    context.getBean(PubSub.class).topic("orders", String.class).publish("first");

                    assertThat(observed).containsExactly("orders publish");
                    assertThat(meters.getMeters()).isEmpty();
                });
    }

    @Test
    void takesTheApplicationsConvention(EmbeddedRedis redis) {
        runner(redis)
                .withBean(PublishObservationConvention.class, () -> new PublishObservationConvention() {
                    @Override
                    public String getContextualName(PublishObservationContext context) {
                        return "tell " + context.topic();
                    }
                })
                .run(context -> {
                    context.getBean(PubSub.class).topic("orders", String.class).publish("first");

                    assertThat(observed).containsExactly("tell orders");
                });
    }

    @Test
    void observationsMakeNoSecondSetOfTimers(EmbeddedRedis redis) {
        runner(redis).run(context -> {
            MeterFilter filter = context.getBean("oqronObservationMeterFilter", MeterFilter.class);

            assertThat(filter.accept(
                            meters.timer("oqronkit.pubsub.observation.process").getId()))
                    .isEqualTo(MeterFilterReply.DENY);
            assertThat(filter.accept(meters.timer("oqronkit.pubsub.process").getId()))
                    .isEqualTo(MeterFilterReply.NEUTRAL);
        });
    }

    @Test
    void lettuceMakesNoSpansOfOurCommands() {
        ClientResources traced = ClientResources.builder()
                .tracing(new MicrometerTracing(ObservationRegistry.create(), "redis"))
                .build();
        ClientResources ours = PubSubRedisClient.untraced(traced);
        try {
            assertThat(ours.tracing().isEnabled()).isFalse();
            assertThat(ours.eventLoopGroupProvider()).isSameAs(traced.eventLoopGroupProvider());
        } finally {
            ours.shutdown();
            traced.shutdown();
        }
    }

    private ApplicationContextRunner runner(EmbeddedRedis redis) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new Recorder());
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataRedisAutoConfiguration.class,
                        PubSubObservationAutoConfiguration.class,
                        PubSubAutoConfiguration.class))
                .withPropertyValues("spring.data.redis.url=" + GuideUsers.app(redis))
                .withBean("meters", MeterRegistry.class, () -> meters)
                .withBean(ObservationRegistry.class, () -> observations);
    }

    private final class Recorder implements ObservationHandler<Observation.Context> {
        @Override
        public void onStop(Observation.Context context) {
            observed.add(context.getContextualName());
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }
}
