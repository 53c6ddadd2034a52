package io.oqronkit.benchmarks;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says.
 *
 * @param rounds how often each step is measured
 * @param messages how many a fast contender gets in a large step; all other sizes follow from it
 * @param warmUp as {@code messages}, in a round before that is not reported; 0: none
 * @param seconds how long what is measured by time lasts: latency, idle subscriptions
 * @param only steps to run, each a name or the beginning of one; empty: all
 * @param large also on a log fifty times as long as usual
 * @param aof {@code everysec}, {@code always}, or {@code no} append-only file
 * @param redis server program; null: as {@code EmbeddedRedis} finds one
 * @param out folder for the table, the TSV and the chart
 */
record Options(
        int rounds,
        int messages,
        int warmUp,
        double seconds,
        List<String> only,
        boolean large,
        String aof,
        @Nullable Path redis,
        Path out) {

    private static final Map<String, String> DEFAULTS = Map.of(
            "rounds", "5",
            "messages", "300000",
            "warm-up", "400000",
            "seconds", "10",
            "only", "",
            "large", "false",
            "aof", "everysec",
            "redis", "",
            "out", "benchmarks/target/results");

    Options {
        atLeast("rounds", rounds, 1);
        atLeast("messages", messages, 300);
        atLeast("warm-up", warmUp, 0);
        if (!(seconds >= 0.1 && seconds <= 60)) {
            throw new IllegalArgumentException("--seconds must be from 0.1 to 60 but was " + seconds);
        }
        if (!Set.of("everysec", "always", "no").contains(aof)) {
            throw new IllegalArgumentException("--aof must be everysec, always or no but was " + aof);
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least || value > 10_000_000) {
            throw new IllegalArgumentException(
                    "--%s must be from %,d to 10,000,000 but was %,d".formatted(name, least, value));
        }
    }

    /** {@code --name value} for each, or {@code --large} alone. */
    static Options parse(String... arguments) {
        Map<String, String> values = new HashMap<>(DEFAULTS);
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            if (!DEFAULTS.containsKey(name)) {
                throw new IllegalArgumentException("'%s' is none of %s"
                        .formatted(
                                arguments[i],
                                DEFAULTS.keySet().stream()
                                        .sorted()
                                        .map("--"::concat)
                                        .toList()));
            }
            if (name.equals("large")) {
                values.put(name, "true");
            } else if (++i < arguments.length) {
                values.put(name, arguments[i]);
            } else {
                throw new IllegalArgumentException("--" + name + " needs a value");
            }
        }
        return of(values);
    }

    private static Options of(Map<String, String> values) {
        String only = text(values, "only");
        String redis = text(values, "redis");
        return new Options(
                number(values, "rounds"),
                number(values, "messages"),
                number(values, "warm-up"),
                Double.parseDouble(text(values, "seconds")),
                only.isEmpty() ? List.of() : List.of(only.split(",")),
                Boolean.parseBoolean(text(values, "large")),
                text(values, "aof"),
                redis.isEmpty() ? null : Path.of(redis),
                Path.of(text(values, "out")));
    }

    private static String text(Map<String, String> values, String name) {
        return Objects.requireNonNull(values.get(name));
    }

    private static int number(Map<String, String> values, String name) {
        try {
            return Integer.parseInt(text(values, name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--%s must be a number but was '%s'".formatted(name, text(values, name)), e);
        }
    }

    boolean runs(String step) {
        return only.isEmpty() || only.stream().anyMatch(step::startsWith);
    }

    /** The round that is not reported: it publishes and drains whatever the steps are. */
    Options ofWarmUp() {
        List<String> steps = only.isEmpty()
                ? only
                : Stream.concat(only.stream(), Stream.of("publish-async", "drain"))
                        .toList();
        return new Options(1, Math.max(300, warmUp), 0, Math.min(seconds, 2), steps, large, aof, redis, out);
    }
}
