package io.oqronkit.guide.spring;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An application whose Redis is an {@link EmbeddedRedis} bean, as with {@code @OqronTest}, connects as {@link GuideUsers#APP}
 * wherever this module is on the class path.
 */
@AutoConfiguration
final class GuideUserAutoConfiguration {

    @Bean
    static BeanPostProcessor guideUser(Environment environment) {
        return new Grant(environment.getProperty("oqronkit.pubsub.key-prefix", "oq"));
    }

    /** The connection details of a server are made after it. */
    private static final class Grant implements BeanPostProcessor {

        private final String keyPrefix;
        private volatile boolean granted;

        private Grant(String keyPrefix) {
            this.keyPrefix = keyPrefix;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            if (bean instanceof EmbeddedRedis redis) {
                GuideUsers.app(redis, keyPrefix);
                granted = true;
            }
            return granted && bean instanceof DataRedisConnectionDetails details
                    ? new AsGuideUser(details.getStandalone())
                    : bean;
        }
    }

    private record AsGuideUser(@Nullable Standalone standalone) implements DataRedisConnectionDetails {

        @Override
        public @Nullable Standalone getStandalone() {
            return standalone;
        }

        @Override
        public String getUsername() {
            return GuideUsers.APP;
        }

        @Override
        public String getPassword() {
            return GuideUsers.PASSWORD;
        }
    }
}
