package io.oqronkit.redis.embedded;

import io.oqronkit.redis.embedded.RedisBinary.Unfit;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the server program: a named one (argument, system property, environment), else the first on the PATH that
 * is new enough, else the bundled one. A named program is never silently replaced by another.
 */
final class RedisBinarySearch {

    static final String PROPERTY = "oqronkit.embedded-redis.binary";
    static final String VARIABLE = "OQRONKIT_EMBEDDED_REDIS_BINARY";

    /** Instead of a path. */
    static final String BUNDLED = "bundled";

    private static final List<String> PROGRAMS = List.of("redis-server", "valkey-server");

    private final Function<String, @Nullable String> systemProperties;
    private final Function<String, @Nullable String> environment;
    private final Bundle bundle;
    private final List<String> tried = new ArrayList<>();

    RedisBinarySearch(
            Function<String, @Nullable String> systemProperties,
            Function<String, @Nullable String> environment,
            Bundle bundle) {
        this.systemProperties = systemProperties;
        this.environment = environment;
        this.bundle = bundle;
    }

    static RedisBinary choose(@Nullable Path named) {
        return new RedisBinarySearch(System::getProperty, System::getenv, BundledBinary::find).find(named);
    }

    RedisBinary find(@Nullable Path named) {
        String os = systemProperties.apply("os.name");
        if (os != null && os.startsWith("Windows")) {
            throw new NoRedisBinaryException("The embedded Redis runs on Linux and macOS, not on " + os
                    + ". Run this in WSL"
                    + " with redis-server " + RedisBinary.NEEDED + " or newer or valkey-server on the PATH or named by "
                    + PROPERTY + ", or start a Redis elsewhere and connect to that.");
        }
        if (named != null) {
            return named("the binary that was set", named.toString());
        }
        String property = systemProperties.apply(PROPERTY);
        if (property != null) {
            return named("system property " + PROPERTY, property);
        }
        tried.add("system property " + PROPERTY + ": not set");
        String variable = environment.apply(VARIABLE);
        if (variable != null) {
            return named("environment variable " + VARIABLE, variable);
        }
        tried.add("environment variable " + VARIABLE + ": not set");
        RedisBinary onPath = onPath();
        return onPath != null ? onPath : bundled();
    }

    private RedisBinary named(String source, String path) {
        if (path.equals(BUNDLED)) {
            return bundled();
        }
        try {
            return RedisBinary.probe(Path.of(path));
        } catch (Unfit | InvalidPathException e) {
            tried.add(source + ": " + e.getMessage());
            throw notFound();
        }
    }

    private @Nullable RedisBinary onPath() {
        String path = environment.apply("PATH");
        int before = tried.size();
        for (String program : PROGRAMS) {
            for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
                Path candidate = Path.of(folder, program);
                if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                    try {
                        return RedisBinary.probe(candidate);
                    } catch (Unfit e) {
                        tried.add("PATH: " + e.getMessage());
                    }
                }
            }
        }
        if (tried.size() == before) {
            tried.add("PATH: no " + String.join(", no ", PROGRAMS));
        }
        return null;
    }

    private RedisBinary bundled() {
        try {
            return bundle.find();
        } catch (Unfit e) {
            tried.add("bundled with this library: " + e.getMessage());
            throw notFound();
        }
    }

    private NoRedisBinaryException notFound() {
        return new NoRedisBinaryException("No Redis server program to run. Looked at:\n  - "
                + String.join("\n  - ", tried)
                + "\nInstall redis-server " + RedisBinary.NEEDED
                + " or newer, or valkey-server, so that it is on the PATH;"
                + " or name one with the property " + PROPERTY + " (system property or Spring configuration)"
                + " or the environment variable " + VARIABLE + ".");
    }

    /** Where the program comes from when nothing is named or installed. */
    interface Bundle {
        RedisBinary find() throws Unfit;
    }
}
