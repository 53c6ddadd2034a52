package io.oqronkit.pubsub.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Marks the {@code RedisConnectionFactory} bean whose Redis PubSub uses, where an application has several. The property
 * {@code oqronkit.pubsub.connection-factory} wins over it; without both the only or primary one is used.
 *
 * <pre>{@code
 * @Bean
 * @OqronRedis
 * LettuceConnectionFactory messaging() { ... }
 * }</pre>
 */
@Documented
@Qualifier
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.PARAMETER, ElementType.FIELD})
@Retention(RetentionPolicy.RUNTIME)
public @interface OqronRedis {}
