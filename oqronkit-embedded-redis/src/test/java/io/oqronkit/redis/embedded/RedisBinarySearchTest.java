package io.oqronkit.redis.embedded;

import static io.oqronkit.redis.embedded.RedisBinarySearch.PROPERTY;
import static io.oqronkit.redis.embedded.RedisBinarySearch.VARIABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.oqronkit.redis.embedded.RedisBinary.Unfit;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisBinarySearchTest {

    private static final RedisBinary BUNDLED = new RedisBinary(Path.of("bundled"), "6.2.0", false);

    @TempDir
    Path folder;

    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Test
    void prefersArgumentThenPropertyThenEnvironmentThenPathThenBundle() throws IOException {
        Path argument = program("argument", "Redis server v=6.2.0 sha=0:0");
        Path property = program("property", "Redis server v=7.4.1 sha=0:0");
        Path variable = program("variable", "Valkey server v=8.1.1 sha=0:0");
        Path onPath = program("redis-server", "Redis server v=8.0.3 sha=0:0");
        properties.put(PROPERTY, property.toString());
        environment.put(VARIABLE, variable.toString());
        environment.put("PATH", folder.toString());

        assertThat(search(argument)).isEqualTo(new RedisBinary(argument, "6.2.0", false));
        assertThat(search(null)).isEqualTo(new RedisBinary(property, "7.4.1", false));
        properties.clear();
        assertThat(search(null)).isEqualTo(new RedisBinary(variable, "8.1.1", false));
        environment.remove(VARIABLE);
        assertThat(search(null)).isEqualTo(new RedisBinary(onPath, "8.0.3", false));
        environment.clear();
        assertThat(search(null)).isSameAs(BUNDLED);
    }

    @Test
    void passesOverProgramsOnThePathThatAreTooOldOrDoNotRun() throws IOException {
        Path old = Files.createDirectory(folder.resolve("old"));
        Files.move(program("redis-server", "Redis server v=6.0.16 sha=0:0"), old.resolve("redis-server"));
        program("redis-server", "error while loading shared libraries");
        Path valkey = program("valkey-server", "Valkey server v=7.2.5 sha=0:0");
        environment.put("PATH", old + File.pathSeparator + File.pathSeparator + folder);

        assertThat(search(null)).isEqualTo(new RedisBinary(valkey, "7.2.5", false));
    }

    @Test
    void takesTheBundleByNameWhateverIsOnThePath() throws IOException {
        program("redis-server", "Redis server v=8.0.3 sha=0:0");
        environment.put("PATH", folder.toString());
        environment.put(VARIABLE, "bundled");

        assertThat(search(null)).isSameAs(BUNDLED);
    }

    @Test
    void neverReplacesANamedProgramByAnother() {
        properties.put(PROPERTY, folder.resolve("nowhere").toString());

        assertThatThrownBy(() -> search(null))
                .isInstanceOf(NoRedisBinaryException.class)
                .hasMessageContaining(
                        "system property " + PROPERTY + ": " + folder.resolve("nowhere") + " is not a file");
    }

    @Test
    void listsWhatWasTriedAndWhatToDoWhenNothingFits() throws IOException {
        program("redis-server", "Redis server v=5.0.7 sha=0:0");
        environment.put("PATH", folder.toString());
        RedisBinarySearch search = new RedisBinarySearch(properties::get, environment::get, () -> {
            throw new Unfit("none for linux-s390x");
        });

        assertThatThrownBy(() -> search.find(null))
                .isInstanceOf(NoRedisBinaryException.class)
                .hasMessageContainingAll(
                        "system property oqronkit.embedded-redis.binary: not set",
                        "environment variable OQRONKIT_EMBEDDED_REDIS_BINARY: not set",
                        "redis-server is version 5.0.7, needed is 6.2 or newer",
                        "bundled with this library: none for linux-s390x",
                        "Install redis-server 6.2 or newer, or valkey-server");
    }

    @Test
    void saysThatThePathHasNone() {
        environment.put("PATH", folder.toString());
        RedisBinarySearch search = new RedisBinarySearch(properties::get, environment::get, () -> {
            throw new Unfit("none for plan9-mips");
        });

        assertThatThrownBy(() -> search.find(null)).hasMessageContaining("PATH: no redis-server, no valkey-server");
    }

    @Test
    void saysThatWindowsIsNotServed() {
        properties.put("os.name", "Windows 11");

        assertThatThrownBy(() -> search(folder.resolve("redis-server.exe")))
                .isInstanceOf(NoRedisBinaryException.class)
                .hasMessageContaining("not on Windows 11");
    }

    private RedisBinary search(@Nullable Path named) {
        return new RedisBinarySearch(properties::get, environment::get, () -> BUNDLED).find(named);
    }

    private Path program(String name, String output) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\necho '" + output + "'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
