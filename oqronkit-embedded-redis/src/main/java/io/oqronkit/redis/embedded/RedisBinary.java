package io.oqronkit.redis.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Redis or Valkey server program that has been run once and told a version this library can work with.
 *
 * @param temporary whether this JVM made the file, so that it must go when the JVM ends
 */
record RedisBinary(Path path, String version, boolean temporary) {

    static final String NEEDED = "6.2";

    private static final Pattern VERSION = Pattern.compile("\\bv=((\\d+)\\.(\\d+)[^\\s]*)");
    private static final int VERSION_SECONDS = 10;

    /**
     * Runs {@code path --version}.
     *
     * @throws Unfit with the reason, if it does not run here or is too old
     */
    static RedisBinary probe(Path path) throws Unfit {
        if (!Files.isRegularFile(path)) {
            throw new Unfit(path + " is not a file");
        }
        if (!Files.isExecutable(path)) {
            throw new Unfit(path + " is not executable");
        }
        String output = versionOutput(path);
        Matcher version = VERSION.matcher(output);
        if (!version.find()) {
            throw new Unfit(path + " does not run here: " + output.strip());
        }
        int major = Integer.parseInt(version.group(2));
        int minor = Integer.parseInt(version.group(3));
        if (major < 6 || (major == 6 && minor < 2)) {
            throw new Unfit(path + " is version " + version.group(1) + ", needed is " + NEEDED + " or newer");
        }
        return new RedisBinary(path, version.group(1), false);
    }

    private static String versionOutput(Path path) throws Unfit {
        try {
            Process process = new ProcessBuilder(path.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            // A program that hangs is stopped, which ends the read below.
            process.onExit().orTimeout(VERSION_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
                process.destroyForcibly();
                return process;
            });
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | UncheckedIOException e) {
            throw new Unfit(path + " does not run here: " + e.getMessage());
        }
    }

    /** Why a program cannot serve. */
    static final class Unfit extends Exception {

        private static final long serialVersionUID = 1L;

        Unfit(String reason) {
            super(reason);
        }
    }
}
