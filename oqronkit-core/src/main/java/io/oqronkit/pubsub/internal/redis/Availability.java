package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that Redis is gone and once that it is back, however many connections notice. Safe for concurrent use. */
final class Availability {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");

    private final Set<RedisLink> lost = new HashSet<>();
    private long lostSinceNanos;

    synchronized void lost(RedisLink link, @Nullable Throwable cause) {
        if (lost.isEmpty()) {
            lostSinceNanos = System.nanoTime();
            log.warn(
                    "Redis is not reachable, trying again until it is: {}",
                    cause == null ? "connection lost" : cause.toString());
        }
        lost.add(link);
    }

    synchronized void found(RedisLink link) {
        if (lost.remove(link) && lost.isEmpty()) {
            log.info(
                    "Redis is reachable again after {} ms",
                    Duration.ofNanos(System.nanoTime() - lostSinceNanos).toMillis());
        }
    }

    /** The link was closed on purpose; it is no longer waited for. */
    synchronized void forget(RedisLink link) {
        lost.remove(link);
    }
}
