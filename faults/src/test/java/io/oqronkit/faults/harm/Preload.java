package io.oqronkit.faults.harm;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server program that runs with a small C library loaded before libc. Needs gcc and Linux. */
final class Preload {

    private Preload() {}

    /**
     * Builds the library in this folder; empty where there is no gcc.
     *
     * @param environment what the library reads, {@code NAME=value}
     */
    static Optional<Path> build(Path folder, String name, String source, String environment) {
        try {
            Path code = Files.writeString(folder.resolve(name + ".c"), source);
            Path library = folder.resolve(name + ".so");
            Process gcc = new ProcessBuilder(
                            "gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), code.toString())
                    .inheritIO()
                    .start();
            if (!gcc.waitFor(30, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
                return Optional.empty();
            }
            Path program = Files.createFile(
                    folder.resolve("redis-with-" + name),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return Optional.of(Files.writeString(
                    program, "#!/bin/sh\n%s LD_PRELOAD=%s exec %s \"$@\"\n".formatted(environment, library, server())));
        } catch (IOException noGcc) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The one that tests run by default. */
    private static Path server() {
        try (EmbeddedRedis any = EmbeddedRedis.start()) {
            return ProcessHandle.of(any.pid())
                    .flatMap(process -> process.info().command())
                    .map(Path::of)
                    .orElseThrow();
        }
    }
}
