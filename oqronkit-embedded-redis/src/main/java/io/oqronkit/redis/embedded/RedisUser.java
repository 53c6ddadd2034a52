package io.oqronkit.redis.embedded;

import java.util.regex.Pattern;

/** A user of a server, with rules as {@code ACL SETUSER} takes them. */
record RedisUser(String name, String password, String rules) {

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9-]+");

    RedisUser {
        if (!WORD.matcher(name).matches()
                || !WORD.matcher(password).matches()
                || rules.lines().count() > 1) {
            throw new IllegalArgumentException(
                    "name and password must match " + WORD + " and rules be one line, was user '" + name + "'");
        }
    }

    String command() {
        return "ACL SETUSER " + name + " reset " + granted();
    }

    /** The line of the server's configuration. */
    String line() {
        return "user " + name + ' ' + granted();
    }

    boolean isOf(String line) {
        return line.startsWith("user " + name + ' ');
    }

    private String granted() {
        return "on >" + password + ' ' + rules;
    }

    @Override
    public String toString() {
        return "RedisUser[" + name + ']';
    }
}
