package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of a master that, cut off and replaced, would go on taking messages that nobody will see (R#5): it has replicas, and
 * {@code min-replicas-to-write} is 0. INFO tells that to users who may not read the configuration: it counts good replicas
 * only where the setting is in force. Asks at once and then every minute. Safe for concurrent use.
 */
final class MinReplicas {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.replication");
    private static final String WARNING =
            "the master has replicas and min-replicas-to-write is 0: if it is cut off it takes messages that are lost";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long EVERY_SECONDS = 60;

    private final RedisLink link;
    private volatile boolean unset;

    private MinReplicas(RedisLink link) {
        this.link = link;
    }

    /** Asks until the timer is shut down. */
    static MinReplicas watch(RedisLink link, ScheduledExecutorService timer) {
        MinReplicas watching = new MinReplicas(link);
        try {
            timer.scheduleWithFixedDelay(watching::ask, 0, EVERY_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closed) {
            // nobody will ask
        }
        return watching;
    }

    Optional<String> warning() {
        return unset ? Optional.of(WARNING) : Optional.empty();
    }

    private void ask() {
        link.<List<String>>send(TIMEOUT, redis -> Masters.answers(redis, one -> one.info("replication")))
                .thenAccept(infos -> {
                    boolean now = infos.stream().anyMatch(MinReplicas::isUnset);
                    if (now && !unset) {
                        log.warn(WARNING);
                    }
                    unset = now;
                });
    }

    static boolean isUnset(String info) {
        return ServerCheck.field(info, "connected_slaves")
                        .filter(replicas -> !replicas.equals("0"))
                        .isPresent()
                && ServerCheck.field(info, "min_slaves_good_slaves").isEmpty();
    }
}
