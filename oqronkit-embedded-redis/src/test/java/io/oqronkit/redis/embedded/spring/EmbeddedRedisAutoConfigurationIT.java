package io.oqronkit.redis.embedded.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.test.util.TestPropertyValues.Type;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

class EmbeddedRedisAutoConfigurationIT {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @Test
    void connectsAnApplicationThatConfiguredNoRedis() {
        runner.run(context -> {
            StringRedisTemplate redis = context.getBean(StringRedisTemplate.class);
            redis.opsForValue().set("order", "paid");
            assertThat(redis.opsForValue().get("order")).isEqualTo("paid");
            assertThat(context.getBean(LettuceConnectionFactory.class).getPort())
                    .isEqualTo(context.getBean(EmbeddedRedis.class).port());
        });
    }

    @Test
    void keepsSettingsThatSayNothingAboutTheAddress() {
        runner.withPropertyValues("spring.data.redis.database=3", "spring.data.redis.client-name=orders")
                .run(context -> {
                    assertThat(context).hasSingleBean(EmbeddedRedis.class);
                    LettuceConnectionFactory factory = context.getBean(LettuceConnectionFactory.class);
                    assertThat(factory.getDatabase()).isEqualTo(3);
                    assertThat(factory.getClientName()).isEqualTo("orders");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.data.redis.host=redis.example.org",
                "spring.data.redis.port=6380",
                "spring.data.redis.url=redis://redis.example.org",
                "spring.data.redis.sentinel.nodes=a.example.org:26379,b.example.org:26379",
                "spring.data.redis.sentinel.master=main",
                "spring.data.redis.cluster.nodes[0]=a.example.org:6379",
                "spring.data.redis.masterreplica.nodes=a.example.org:6379",
                "oqronkit.embedded-redis.enabled=false"
            })
    void staysOffWhenARedisIsConfiguredOrItIsDisabled(String property) {
        // Without Boot's own part, since half a sentinel configuration would not start.
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(EmbeddedRedisAutoConfiguration.class))
                .withPropertyValues(property)
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(EmbeddedRedis.class)
                        .doesNotHaveBean(DataRedisConnectionDetails.class));
    }

    @Test
    void staysOffAheadOfTime() {
        runner.withSystemProperties("spring.aot.processing=true")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedis.class));
    }

    @Test
    void staysOffWhenTheEnvironmentNamesAHost() {
        runner.withInitializer(context -> TestPropertyValues.of("SPRING_DATA_REDIS_HOST=redis.example.org")
                        .applyTo(context.getEnvironment(), Type.SYSTEM_ENVIRONMENT))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(EmbeddedRedis.class);
                    assertThat(context.getBean(LettuceConnectionFactory.class).getHostName())
                            .isEqualTo("redis.example.org");
                });
    }

    @Test
    void staysOffBesideOtherConnectionDetailsOrAnotherConnectionFactory() {
        runner.withBean(DataRedisConnectionDetails.class, () -> mock(DataRedisConnectionDetails.class))
                .withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedis.class));
        runner.withBean(RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedis.class));
    }

    @Test
    void staysOffWithoutSpringDataRedis() {
        runner.withClassLoader(new FilteredClassLoader(RedisConnectionFactory.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedRedis.class));
    }

    @Test
    void connectsToAServerOfTheApplicationsOwn() {
        runner.withBean("own", EmbeddedRedis.class, EmbeddedRedis::start).run(context -> {
            assertThat(context).hasSingleBean(EmbeddedRedis.class);
            assertThat(context.getBean(LettuceConnectionFactory.class).getPort())
                    .isEqualTo(context.getBean("own", EmbeddedRedis.class).port());
        });
    }

    @Test
    void keepsDataInTheConfiguredFolder(@TempDir Path folder) {
        ApplicationContextRunner kept =
                runner.withPropertyValues("oqronkit.embedded-redis.data-directory=" + folder.resolve("data"));
        kept.run(context ->
                context.getBean(StringRedisTemplate.class).opsForValue().set("order", "paid"));
        kept.run(context -> assertThat(
                        context.getBean(StringRedisTemplate.class).opsForValue().get("order"))
                .isEqualTo("paid"));
    }

    @Test
    void refusesAPortOutOfBounds() {
        runner.withPropertyValues("oqronkit.embedded-redis.port=70000").run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage("oqronkit.embedded-redis.port must be from 0 to 65535, was 70000"));
    }

    @Test
    void stopsAfterTheBeansThatUseIt() {
        AtomicBoolean reachedAtTheEnd = new AtomicBoolean();
        EmbeddedRedis[] redis = new EmbeddedRedis[1];
        runner.withBean(LastUser.class, reachedAtTheEnd)
                .run(context -> redis[0] = context.getBean(EmbeddedRedis.class));

        assertThat(reachedAtTheEnd).isTrue();
        assertThat(redis[0].isRunning()).isFalse();
    }

    /** Looks, while it is destroyed, whether the server still accepts connections. */
    static final class LastUser implements DisposableBean {

        private final AtomicBoolean reached;
        private final int port;

        LastUser(AtomicBoolean reached, LettuceConnectionFactory factory) {
            this.reached = reached;
            this.port = factory.getPort();
        }

        @Override
        public void destroy() throws IOException {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                reached.set(socket.isConnected());
            }
        }
    }
}
