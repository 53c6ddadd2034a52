package io.oqronkit.redis.embedded.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** What a person sees on the console. */
@ExtendWith(OutputCaptureExtension.class)
class StartUpOutputIT {

    private final SpringApplication application = new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .build();

    @Test
    void saysThatAnEmbeddedRedisRunsAndWhere(CapturedOutput output) {
        try (ConfigurableApplicationContext context = application.run()) {
            EmbeddedRedis redis = context.getBean(EmbeddedRedis.class);
            assertThat(output)
                    .containsOnlyOnce("Embedded Redis " + redis.version() + " runs at " + redis.uri() + ", data in "
                            + redis.dataDirectory() + "; for development only");
        }
    }

    @Test
    void explainsThatThereIsNoServerProgram(CapturedOutput output) {
        assertThatThrownBy(() -> application.run("--oqronkit.embedded-redis.binary=nowhere/redis-server"))
                .isNotNull();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("nowhere/redis-server is not a file")
                .contains("set oqronkit.embedded-redis.binary");
    }

    @Test
    void explainsThatTheServerDoesNotStart(CapturedOutput output) {
        try (EmbeddedRedis first = EmbeddedRedis.start()) {
            assertThatThrownBy(() -> application.run("--oqronkit.embedded-redis.port=" + first.port()))
                    .isNotNull();
            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("Address already in use")
                    .contains("oqronkit.embedded-redis.port");
        }
    }

    @EnableAutoConfiguration
    static class Application {}
}
