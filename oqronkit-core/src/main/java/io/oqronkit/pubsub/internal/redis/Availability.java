package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.pubsub.PubSubListener;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that Redis is gone and once that it is back, however many connections notice. Safe for concurrent use. */
final class Availability {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");

    private final Set<RedisLink> lost = new HashSet<>();
    private final PubSubListener events;
    private long lostSinceNanos;

    Availability(PubSubListener events) {
        this.events = events;
    }

    synchronized void lost(RedisLink link, @Nullable Throwable cause) {
        if (lost.isEmpty()) {
            lostSinceNanos = System.nanoTime();
            String reason = cause == null ? "connection lost" : cause.toString();
            log.warn("Redis is not reachable, trying again until it is: {}", reason);
            events.onEvent(new RedisLost(reason, Instant.now()));
        }
        lost.add(link);
    }

    synchronized void found(RedisLink link) {
        if (lost.remove(link) && lost.isEmpty()) {
            Duration after = Duration.ofNanos(System.nanoTime() - lostSinceNanos);
            log.info("Redis is reachable again after {} ms", after.toMillis());
            events.onEvent(new RedisFound(after, Instant.now()));
        }
    }

    /** The link was closed on purpose; it is no longer waited for. */
    synchronized void forget(RedisLink link) {
        lost.remove(link);
    }
}
