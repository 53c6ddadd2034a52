package io.oqronkit.redis.embedded.spring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the embedded Redis of a Spring Boot application.
 *
 * @param enabled Whether an embedded Redis is started when no Redis is configured.
 * @param binary Server program to run; 'bundled' for the one that comes along. By default redis-server 6.2 or newer or
 *     valkey-server from the PATH, else the bundled one.
 * @param dataDirectory Folder that keeps the data from one run to the next. By default a temporary folder that is deleted
 *     at the end.
 * @param port Port to listen on; 0 picks a free one.
 */
@ConfigurationProperties("oqronkit.embedded-redis")
record EmbeddedRedisProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Path binary,
        @Nullable Path dataDirectory,
        @DefaultValue("0") int port) {

    EmbeddedRedisProperties {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("oqronkit.embedded-redis.port must be from 0 to 65535, was " + port);
        }
    }
}
