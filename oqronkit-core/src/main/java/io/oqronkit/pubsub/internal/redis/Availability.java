package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.PubSubEvent.RedisFound;
import io.oqronkit.pubsub.PubSubEvent.RedisLost;
import io.oqronkit.pubsub.PubSubListener;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that Redis is gone and once that it is back, however many notice: the connections and the {@link Pulse}. A
 * server that answers none of them is left by all of them at once, also by those that wait for a long read: the next to be
 * found may be another one (R#6). Safe for concurrent use.
 */
final class Availability {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");

    private final Set<Object> lost = new HashSet<>();
    private final Set<RedisLink> links = ConcurrentHashMap.newKeySet();
    private final PubSubListener events;
    private long lostSinceNanos;
    private String reason = "";
    private volatile long heardNanos = System.nanoTime();

    Availability(PubSubListener events) {
        this.events = events;
    }

    synchronized void lost(Object witness, @Nullable Throwable cause) {
        if (lost.isEmpty()) {
            lostSinceNanos = System.nanoTime();
            reason = text(cause);
            log.warn("Redis is not reachable, trying again until it is: {}", reason);
            events.onEvent(new RedisLost(reason, Instant.now()));
        }
        lost.add(witness);
    }

    private static String text(@Nullable Throwable cause) {
        if (cause == null) {
            return "connection lost";
        }
        return cause instanceof RedisFailure ? String.valueOf(cause.getMessage()) : cause.toString();
    }

    synchronized void found(Object witness) {
        if (lost.remove(witness) && lost.isEmpty()) {
            Duration after = Duration.ofNanos(System.nanoTime() - lostSinceNanos);
            log.info("Redis is reachable again after {} ms", after.toMillis());
            events.onEvent(new RedisFound(after, Instant.now()));
        }
    }

    void watch(RedisLink link) {
        links.add(link);
    }

    /** Has every connection replaced if Redis has answered none of them for this time. */
    void leaveIfSilentFor(Duration time, RedisFailure why) {
        if (System.nanoTime() - heardNanos >= time.toNanos()) {
            links.forEach(link -> link.leave(why));
        }
    }

    /** Redis has answered somewhere. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    /** Whether all is well: Redis has answered within this time, and nobody misses it. */
    boolean isSureFor(Duration time) {
        return System.nanoTime() - heardNanos < time.toNanos() && outage().isEmpty();
    }

    /** The link was closed on purpose; it is no longer waited for. */
    synchronized void forget(RedisLink link) {
        links.remove(link);
        lost.remove(link);
    }

    /** Why Redis is out of reach; empty if it is not. */
    synchronized Optional<String> outage() {
        return lost.isEmpty() ? Optional.empty() : Optional.of(reason);
    }
}
