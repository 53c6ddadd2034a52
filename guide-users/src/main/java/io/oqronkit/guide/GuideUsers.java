package io.oqronkit.guide;

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
import java.util.stream.Stream;

/** Redis users with the permissions that {@code docs/guide/security.md} gives them: what it says is what tests run with. */
public final class GuideUsers {

    /** The user with all an application needs. */
    public static final String APP = "app";

    /** Of every user. */
    public static final String PASSWORD = "guide-secret";

    private static final String GUIDE = "docs/guide/security.md";
    private static final String KEYS = "~oq:";

    private GuideUsers() {}

    /** The address of the server for {@link #APP}, who is made if need be. */
    public static String app(EmbeddedRedis redis) {
        return on(redis, APP);
    }

    /** The same, of an application with this {@code key-prefix}. */
    public static String app(EmbeddedRedis redis, String keyPrefix) {
        return redis.addUser(APP, PASSWORD, rules(APP).replace(KEYS, "~" + keyPrefix + ":"));
    }

    /** The address of the server for a user of the guide, who is made if need be. */
    public static String on(EmbeddedRedis redis, String user) {
        return redis.addUser(user, PASSWORD, rules(user));
    }

    /** The address of {@link #APP} by way of Sentinels. */
    public static String app(EmbeddedSentinel redis) {
        return redis.addUser(APP, PASSWORD, rules(APP));
    }

    /** The addresses of the nodes for {@link #APP}, who is given what a cluster needs in addition. */
    public static List<String> app(EmbeddedRedisCluster cluster) {
        return cluster.addUser(APP, PASSWORD, clusterRules());
    }

    /** Likewise, of a node that a test joined to a cluster itself. */
    public static String appOfCluster(EmbeddedRedis node) {
        return node.addUser(APP, PASSWORD, clusterRules());
    }

    /** What follows the password, without the line breaks of the shell. */
    public static String rules(String user) {
        return rules(user, "reset on '>secret' ");
    }

    private static String clusterRules() {
        return rules(APP) + ' ' + rules(APP, "(?='.cluster)");
    }

    private static String rules(String user, String beginning) {
        String command = "redis-cli ACL SETUSER %s %s((?:[^\\\\\n]|\\\\\n)+)".formatted(user, beginning);
        try {
            Matcher rules = Pattern.compile(command).matcher(Files.readString(guide()));
            if (!rules.find()) {
                throw new IllegalStateException(GUIDE + " has no user " + user);
            }
            return rules.group(1).replaceAll("\\s*\\\\\n\\s*", " ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the folder of any module. */
    private static Path guide() {
        return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve(GUIDE))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no " + GUIDE + " above this folder"));
    }
}
