package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.spring.EmbeddedRedisAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** What {@link OqronTest} adds to an application; before anybody else chooses a Redis. */
@AutoConfiguration(before = {EmbeddedRedisAutoConfiguration.class, DataRedisAutoConfiguration.class})
final class OqronTestAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean({EmbeddedRedis.class, DataRedisConnectionDetails.class, RedisConnectionFactory.class})
    EmbeddedRedis oqronTestRedis() {
        return EmbeddedRedis.start();
    }

    @Bean
    @ConditionalOnMissingBean({DataRedisConnectionDetails.class, RedisConnectionFactory.class})
    DataRedisConnectionDetails oqronTestRedisConnectionDetails(EmbeddedRedis redis) {
        return new TestRedis(DataRedisConnectionDetails.Standalone.of(redis.host(), redis.port()));
    }

    /** A factory of the application's own may lead to a Redis that others use. */
    @Bean
    @ConditionalOnMissingBean(RedisConnectionFactory.class)
    FreshTopics oqronFreshTopics(PubSub pubSub) {
        return new FreshTopics(pubSub);
    }

    @Bean
    Seen oqronSeenTraffic() {
        return new Seen();
    }

    @Bean
    PubSubProbe pubSubProbe(PubSub pubSub, Seen seen) {
        return new PubSubProbe(pubSub, seen);
    }

    private record TestRedis(Standalone standalone) implements DataRedisConnectionDetails {

        @Override
        public Standalone getStandalone() {
            return standalone;
        }
    }
}
