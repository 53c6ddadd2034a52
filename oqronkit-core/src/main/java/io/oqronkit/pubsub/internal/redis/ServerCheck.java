package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.PubSubException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a server on which the promise cannot be kept; in a cluster each of the masters that can be reached. */
public final class ServerCheck {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private ServerCheck() {}

    /**
     * Needs Redis 6.2 or newer (or Valkey), and an eviction policy that does not remove whole streams.
     *
     * @throws PubSubException naming what was found and what is needed
     */
    public static void run(RedisLink link, boolean allowEviction) {
        for (String version : fields(link, "server", "redis_version")) {
            if (isOlderThan62(version)) {
                throw new PubSubException("Redis 6.2 or newer is needed, but the server is " + version);
            }
        }
        for (String policy : fields(link, "memory", "maxmemory_policy")) {
            checkPolicy(policy, allowEviction);
        }
    }

    private static void checkPolicy(String policy, boolean allowEviction) {
        if (policy.startsWith("allkeys") && !allowEviction) {
            throw new PubSubException(
                    "the server's maxmemory-policy is %s, which removes whole topics when memory is full: set it to noeviction, or accept the loss with allow-eviction"
                            .formatted(policy));
        }
        if (!policy.equals("noeviction")) {
            log.warn("the server's maxmemory-policy is {}; noeviction is the one that never removes data", policy);
        }
    }

    static boolean isOlderThan62(String version) {
        String[] parts = version.split("\\.", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        int major = Integer.parseInt(parts[0]);
        return major < 6 || (major == 6 && Integer.parseInt(parts[1]) < 2);
    }

    /** What each server says, the same only once. */
    private static Set<String> fields(RedisLink link, String section, String name) {
        try {
            return link.<Set<String>>send(TIMEOUT, redis -> Masters.answers(redis, one -> one.info(section))
                            .thenApply(infos -> infos.stream()
                                    .map(info -> field(info, name).orElse("unknown"))
                                    .collect(Collectors.toSet())))
                    .join();
        } catch (CompletionException e) {
            RedisFailure failure = RedisFailure.of(e);
            throw new PubSubException("INFO " + section + " failed: " + failure.getMessage(), failure);
        }
    }

    static Optional<String> field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst();
    }
}
