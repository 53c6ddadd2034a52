package io.oqronkit.redis.embedded;

import io.oqronkit.redis.embedded.RedisBinary.Unfit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server programs packed in {@code com.github.codemonstur:embedded-redis}; only its resources are used. */
final class BundledBinary {

    /** From operating system and processor to the resource; all of them report version 6.2. */
    private static final Map<String, String> RESOURCES = Map.of(
            "linux-amd64", "redis-server-6.2.6-v5-linux-amd64",
            "linux-arm64", "redis-server-6.2.7-linux-arm64",
            "darwin-amd64", "redis-server-6.2.6-v5-darwin-amd64",
            "darwin-arm64", "redis-server-6.2.6-v5-darwin-arm64");

    private static @Nullable RedisBinary extracted;

    private BundledBinary() {}

    /** The program for this machine, extracted once per JVM and deleted when the JVM exits. */
    static synchronized RedisBinary find() throws Unfit {
        RedisBinary known = extracted;
        if (known == null || !Files.isExecutable(known.path())) {
            RedisBinary fresh =
                    RedisBinary.probe(extract(platform(System.getProperty("os.name"), System.getProperty("os.arch"))));
            known = new RedisBinary(fresh.path(), fresh.version(), true);
            extracted = known;
        }
        return known;
    }

    static String platform(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = osArch.toLowerCase(Locale.ROOT);
        return (os.startsWith("mac") ? "darwin" : os)
                + '-'
                + switch (arch) {
                    case "x86_64" -> "amd64";
                    case "aarch64" -> "arm64";
                    default -> arch;
                };
    }

    static Optional<String> resource(String platform) {
        return Optional.ofNullable(RESOURCES.get(platform)).map(name -> '/' + name);
    }

    private static Path extract(String platform) throws Unfit {
        String resource = resource(platform).orElseThrow(() -> new Unfit("none for " + platform));
        try (InputStream in = BundledBinary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new Unfit("resource " + resource + " is not on the class path");
            }
            Path program = Files.createTempFile("oqronkit-redis-server-", "");
            program.toFile().deleteOnExit();
            Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
            if (!program.toFile().setExecutable(true)) {
                throw new Unfit(program + " cannot be made executable");
            }
            return program;
        } catch (IOException e) {
            throw new Unfit("cannot be extracted: " + e);
        }
    }
}
