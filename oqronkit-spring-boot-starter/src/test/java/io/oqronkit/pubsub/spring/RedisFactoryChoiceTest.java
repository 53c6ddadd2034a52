package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Which Redis is ours, told by the address that does not answer. */
class RedisFactoryChoiceTest {

    @Configuration(proxyBeanMethods = false)
    static class Two {
        @Bean
        LettuceConnectionFactory cache() {
            return new LettuceConnectionFactory("127.0.0.1", 1);
        }

        @Bean
        LettuceConnectionFactory messaging() {
            return new LettuceConnectionFactory("127.0.0.1", 2);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Marked {
        @Bean
        @Primary
        LettuceConnectionFactory cache() {
            return new LettuceConnectionFactory("127.0.0.1", 1);
        }

        @Bean
        @OqronRedis
        LettuceConnectionFactory messaging() {
            return new LettuceConnectionFactory("127.0.0.1", 2);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class MarkedToo {
        @Bean
        @OqronRedis
        LettuceConnectionFactory events() {
            return new LettuceConnectionFactory("127.0.0.1", 3);
        }
    }

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, PubSubAutoConfiguration.class));

    @Test
    void isTheOneThatIsMarked() {
        assertUsed("127.0.0.1:2", runner.withUserConfiguration(Marked.class));
    }

    @Test
    void isTheOneThePropertyNamesAlsoIfAnotherIsMarked() {
        assertUsed(
                "127.0.0.1:1",
                runner.withUserConfiguration(Marked.class)
                        .withPropertyValues("oqronkit.pubsub.connection-factory=cache"));
        assertUsed(
                "127.0.0.1:2",
                runner.withUserConfiguration(Two.class)
                        .withPropertyValues("oqronkit.pubsub.connection-factory=messaging"));
    }

    @Test
    void namesTheCandidatesIfNoneIsChosen() {
        assertThat(StartFailure.of(runner.withUserConfiguration(Two.class)))
                .contains("there is cache (LettuceConnectionFactory), messaging (LettuceConnectionFactory)")
                .contains("@OqronRedis")
                .contains("oqronkit.pubsub.connection-factory");
    }

    @Test
    void namesTheCandidatesIfTheNameIsWrong() {
        assertThat(StartFailure.of(runner.withUserConfiguration(Two.class)
                        .withPropertyValues("oqronkit.pubsub.connection-factory=mesaging")))
                .contains("'oqronkit.pubsub.connection-factory' has the value 'mesaging'")
                .contains("cache (LettuceConnectionFactory), messaging (LettuceConnectionFactory)");
    }

    @Test
    void refusesTwoThatAreMarked() {
        assertThat(StartFailure.of(runner.withUserConfiguration(Marked.class, MarkedToo.class)))
                .contains("@OqronRedis marks 2 of these: cache")
                .contains("Mark one");
    }

    private static void assertUsed(String address, ApplicationContextRunner runner) {
        runner.run(context -> assertThat(context).getFailure().hasStackTraceContaining(address));
    }
}
