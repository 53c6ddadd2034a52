package io.oqronkit.redis.embedded;

/**
 * No Redis server program fits this machine. The message lists each place that was looked at and what was wrong with
 * it, then what to install or set.
 */
public final class NoRedisBinaryException extends EmbeddedRedisException {

    private static final long serialVersionUID = 1L;

    NoRedisBinaryException(String message) {
        super(message);
    }
}
