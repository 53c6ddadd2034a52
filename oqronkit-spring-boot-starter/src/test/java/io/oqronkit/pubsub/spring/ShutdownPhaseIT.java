package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

/** A handler gets the time that the application's shutdown phase gives, and no more. */
@ExtendWith({EmbeddedRedisExtension.class, OutputCaptureExtension.class})
class ShutdownPhaseIT {

    /** Holds out against interrupts until it is told to end. */
    static final class Stubborn {

        final CountDownLatch runs = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);

        @OqronSubscriber(topic = "orders", group = "billing")
        void on(String order) {
            runs.countDown();
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException goesOn) {
                    // that is what it is for
                }
            }
        }
    }

    @Test
    void aHandlerThatNeverEndsDoesNotHoldTheShutdown(EmbeddedRedis redis, CapturedOutput output) {
        Stubborn handler = new Stubborn();
        long[] closing = new long[1];
        try {
            runner(redis).withBean(Stubborn.class, () -> handler).run(context -> {
                context.getBean(PubSub.class).topic("orders", String.class).publish("1");
                assertThat(handler.runs.await(10, TimeUnit.SECONDS)).isTrue();
                closing[0] = System.nanoTime();
            });

            assertThat(Duration.ofNanos(System.nanoTime() - closing[0])).isLessThan(Duration.ofSeconds(6));
            assertThat(output)
                    .contains(
                            "oqronkit.pubsub.shutdown-timeout=25s is cut to 1s, since spring.lifecycle.timeout-per-shutdown-phase=2s")
                    .doesNotContain("ends with 1 bean still running"); // what Spring says of a bean it gives up
        } finally {
            handler.end.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({"25s, 30s, 25s", "29s, 30s, 29s", "60s, 30s, 29s", "25s, 2s, 1s", "25s, 1s, 500ms", "100ms, 1s, 100ms"})
    void handlersGetASecondLessThanThePhase(String wanted, String phase, String given) {
        MockEnvironment environment =
                new MockEnvironment().withProperty("spring.lifecycle.timeout-per-shutdown-phase", phase);

        assertThat(PubSubAutoConfiguration.shutdownTimeout(DurationStyle.SIMPLE.parse(wanted), environment))
                .isEqualTo(DurationStyle.SIMPLE.parse(given));
    }

    private static ApplicationContextRunner runner(EmbeddedRedis redis) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        LifecycleAutoConfiguration.class,
                        DataRedisAutoConfiguration.class,
                        PubSubAutoConfiguration.class))
                .withPropertyValues(
                        "spring.data.redis.url=" + GuideUsers.app(redis),
                        "spring.lifecycle.timeout-per-shutdown-phase=2s");
    }
}
