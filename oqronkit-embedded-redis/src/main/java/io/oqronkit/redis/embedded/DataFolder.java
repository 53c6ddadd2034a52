package io.oqronkit.redis.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where one server keeps its data, its configuration and its log. */
record DataFolder(Path path, boolean temporary) {

    private static final int OUTPUT_LINES = 20;

    /** The given folder, created if need be; without one, a new temporary folder that is deleted at the end. */
    static DataFolder open(@Nullable Path given) {
        try {
            return given == null
                    ? new DataFolder(Files.createTempDirectory("oqronkit-redis-"), true)
                    : new DataFolder(
                            Files.createDirectories(given.toAbsolutePath().normalize()), false);
        } catch (IOException e) {
            throw new EmbeddedRedisException("Cannot create the data folder " + (given == null ? "" : given), e);
        }
    }

    Path configuration() {
        return path.resolve("embedded-redis.conf");
    }

    Path log() {
        return path.resolve("embedded-redis.log");
    }

    /** Writes the configuration of a fresh start and forgets the output of earlier ones. */
    void prepare(int port, Map<String, String> settings) {
        String configuration =
                "bind " + EmbeddedRedis.HOST + "\nport " + port + "\ndir " + quoted(path.toString()) + "\n"
                        + settings.entrySet().stream()
                                .map(e -> e.getKey() + ' ' + (e.getValue().isBlank() ? "\"\"" : e.getValue()) + '\n')
                                .collect(Collectors.joining());
        try {
            Files.writeString(configuration(), configuration);
            Files.deleteIfExists(log());
        } catch (IOException e) {
            throw new EmbeddedRedisException("Cannot write to the data folder " + path, e);
        }
    }

    /** So that a restart has the user too. */
    void keep(RedisUser user) {
        try {
            List<String> others = Files.readAllLines(configuration()).stream()
                    .filter(line -> !user.isOf(line))
                    .toList();
            Files.write(
                    configuration(),
                    Stream.concat(others.stream(), Stream.of(user.line())).toList());
        } catch (IOException e) {
            throw new EmbeddedRedisException("Cannot write to the data folder " + path, e);
        }
    }

    /** The last lines the server wrote, for error messages. */
    String lastOutput() {
        try {
            List<String> lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES), lines.size()));
        } catch (IOException e) {
            return "(none: " + e + ")";
        }
    }

    void deleteIfTemporary() {
        if (!temporary || !Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new EmbeddedRedisException("Cannot delete the data folder " + path, e);
        }
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
