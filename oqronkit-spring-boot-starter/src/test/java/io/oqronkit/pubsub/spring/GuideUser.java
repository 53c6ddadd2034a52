package io.oqronkit.pubsub.spring;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Redis user {@code app} with the permissions that {@code docs/guide/security.md} gives it. */
final class GuideUser {

    static final String PASSWORD = "guide-secret";

    private static final Path GUIDE = Path.of("../docs/guide/security.md");
    private static final String USER = "redis-cli ACL SETUSER app ";
    private static final String ALONE = "reset on '>secret' ";

    private GuideUser() {}

    /** The property that makes an application connect as this user. */
    static String property(EmbeddedRedis redis) {
        return "spring.data.redis.url=" + redis.addUser("app", PASSWORD, rules(ALONE));
    }

    /** Likewise, for a cluster. */
    static String[] clusterProperties(EmbeddedRedis node) {
        node.addUser("app", PASSWORD, rules(ALONE) + ' ' + rules("(?='.cluster)"));
        return properties("cluster.nodes=" + node.host() + ':' + node.port());
    }

    /** Likewise, for servers that Sentinels watch. */
    static String[] sentinelProperties(EmbeddedSentinel redis) {
        redis.addUser("app", PASSWORD, rules(ALONE));
        return properties("sentinel.master=" + redis.masterName(), "sentinel.nodes=" + String.join(",", redis.nodes()));
    }

    private static String[] properties(String... where) {
        return Stream.concat(Stream.of("username=app", "password=" + PASSWORD), Stream.of(where))
                .map("spring.data.redis."::concat)
                .toArray(String[]::new);
    }

    private static String rules(String beginning) {
        try {
            Matcher rules = Pattern.compile(USER + beginning + "((?:[^\\\\\n]|\\\\\n)+)")
                    .matcher(Files.readString(GUIDE));
            if (!rules.find()) {
                throw new IllegalStateException(GUIDE + " has no user app");
            }
            return rules.group(1).replaceAll("\\s*\\\\\n\\s*", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
