package io.oqronkit.pubsub;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Argument checks whose messages name the argument, its value and what is allowed. */
final class Checks {

    /** Braces would move the cluster hash tag and a colon the key prefix, so names are a closed alphabet. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,120}");

    private Checks() {}

    static String name(String argument, @Nullable String value) {
        if (value == null || !NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s '%s' is not allowed: 1 to 120 characters out of A-Z a-z 0-9 . _ -".formatted(argument, value));
        }
        if (value.startsWith("__")) {
            throw new IllegalArgumentException(
                    "%s '%s' is not allowed: names that begin with '__' are reserved".formatted(argument, value));
        }
        return value;
    }

    static <T> T notNull(String argument, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("%s must not be null".formatted(argument));
        }
        return value;
    }

    static void between(String argument, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s must be between %d and %d but was %d".formatted(argument, min, max, value));
        }
    }

    static void between(String argument, @Nullable Duration value, Duration min, Duration max) {
        if (value == null || value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "%s must be between %s and %s but was %s".formatted(argument, text(min), text(max), text(value)));
        }
    }

    /** {@code 30s} rather than {@code PT30S}: the form in which people write it into YAML. */
    static String text(@Nullable Duration value) {
        if (value == null) {
            return "null";
        }
        long millis = value.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        if (value.toSeconds() % 60 != 0 || value.isZero()) {
            return value.toSeconds() + "s";
        }
        if (value.toMinutes() % 60 != 0) {
            return value.toMinutes() + "m";
        }
        return value.toHours() % 24 != 0 ? value.toHours() + "h" : value.toDays() + "d";
    }
}
