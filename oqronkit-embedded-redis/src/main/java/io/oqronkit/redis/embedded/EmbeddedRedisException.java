package io.oqronkit.redis.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The embedded Redis could not be started, reached or signalled. The message says which, and carries the last lines
 * the server wrote where there are any.
 */
public sealed class EmbeddedRedisException extends RuntimeException permits NoRedisBinaryException {

    private static final long serialVersionUID = 1L;

    EmbeddedRedisException(String message) {
        super(message);
    }

    EmbeddedRedisException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
