package io.oqronkit.redis.embedded.spring;

import io.oqronkit.redis.embedded.EmbeddedRedisException;
import io.oqronkit.redis.embedded.NoRedisBinaryException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do when the embedded Redis has no server program to run, or the program does not start. */
final class EmbeddedRedisFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedRedisException> {

    private static final String OR_A_REAL_ONE =
            " Or set spring.data.redis.host or spring.data.redis.url to use a Redis that runs elsewhere.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, EmbeddedRedisException cause) {
        String action = cause instanceof NoRedisBinaryException
                ? "Install redis-server 6.2 or newer, or valkey-server, or set oqronkit.embedded-redis.binary to one."
                : "Look at the server's output above; oqronkit.embedded-redis.port, .data-directory and .binary say where"
                        + " and what it runs.";
        return new FailureAnalysis(cause.getMessage(), action + OR_A_REAL_ONE, cause);
    }
}
