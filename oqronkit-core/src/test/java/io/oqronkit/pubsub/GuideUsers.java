package io.oqronkit.pubsub;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Redis users with the permissions that {@code docs/guide/security.md} gives them: what it says is what tests run with. */
public final class GuideUsers {

    public static final String PASSWORD = "guide-secret";

    private static final Path GUIDE = Path.of("../docs/guide/security.md");

    private GuideUsers() {}

    /** The address of the server for the user with all an application needs. */
    public static String app(EmbeddedRedis redis) {
        return on(redis, "app");
    }

    /** The address of the server for a user of the guide, who is made if need be. */
    public static String on(EmbeddedRedis redis, String user) {
        return redis.addUser(user, PASSWORD, rules(user));
    }

    /** The same, by way of Sentinels. */
    public static String app(EmbeddedSentinel redis) {
        return redis.addUser("app", PASSWORD, rules("app"));
    }

    /** The addresses of the nodes for the same user, who is given what a cluster needs in addition. */
    public static List<String> app(EmbeddedRedisCluster cluster) {
        return cluster.addUser("app", PASSWORD, rules("app") + ' ' + rules("app", "(?='.cluster)"));
    }

    /** What follows the password, without the line breaks of the shell. */
    public static String rules(String user) {
        return rules(user, "reset on '>secret' ");
    }

    private static String rules(String user, String beginning) {
        String command = "redis-cli ACL SETUSER %s %s((?:[^\\\\\n]|\\\\\n)+)".formatted(user, beginning);
        try {
            Matcher rules = Pattern.compile(command).matcher(Files.readString(GUIDE));
            if (!rules.find()) {
                throw new IllegalStateException(GUIDE + " has no user " + user);
            }
            return rules.group(1).replaceAll("\\s*\\\\\n\\s*", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
