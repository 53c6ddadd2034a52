package io.oqronkit.redis.embedded.spring;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Gives an application that configured no Redis an {@link EmbeddedRedis} and the connection details of it. Any address
 * below {@code spring.data.redis}, any {@link DataRedisConnectionDetails} or {@link RedisConnectionFactory} bean of the
 * application's own, and {@code oqronkit.embedded-redis.enabled=false} each turn it off.
 *
 * <p>The connection factory depends on the connection details and these on the server, so the server stops last.
 */
@AutoConfiguration(before = DataRedisAutoConfiguration.class)
@ConditionalOnClass({DataRedisConnectionDetails.class, RedisConnectionFactory.class})
@ConditionalOnBooleanProperty(name = "oqronkit.embedded-redis.enabled", matchIfMissing = true)
@Conditional(OnNoRedisConfigured.class)
@ConditionalOnMissingBean({DataRedisConnectionDetails.class, RedisConnectionFactory.class})
@EnableConfigurationProperties(EmbeddedRedisProperties.class)
public final class EmbeddedRedisAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedisAutoConfiguration.class);

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    EmbeddedRedis embeddedRedis(EmbeddedRedisProperties properties) {
        EmbeddedRedis.Builder builder = EmbeddedRedis.builder().port(properties.port());
        PropertyMapper map = PropertyMapper.get();
        map.from(properties::binary).to(builder::binary);
        map.from(properties::dataDirectory).to(builder::dataDirectory);
        return builder.start();
    }

    @Bean
    DataRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedis redis, Environment environment) {
        log.info(
                "Embedded Redis {} runs at {}, data in {}; for development only, set spring.data.redis.* for a real one",
                redis.version(),
                redis.uri(),
                redis.dataDirectory());
        int database = environment.getProperty("spring.data.redis.database", Integer.class, 0);
        return new EmbeddedRedisConnectionDetails(
                DataRedisConnectionDetails.Standalone.of(redis.host(), redis.port(), database));
    }

    private record EmbeddedRedisConnectionDetails(Standalone standalone) implements DataRedisConnectionDetails {

        @Override
        public Standalone getStandalone() {
            return standalone;
        }
    }
}
