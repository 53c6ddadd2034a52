package io.oqronkit.faults.harm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The library's Lua programs as resources: to recognise one on the wire, and to weaken one for an ablation. A folder that
 * stands before the library on the class path of a child JVM wins, so the library itself needs no switch for this.
 */
public final class Scripts {

    private static final String FOLDER = "io/oqronkit/pubsub/internal/redis/scripts/";
    private static final String INCLUDE = "-- include ";

    private Scripts() {}

    /** What EVALSHA calls it. */
    public static String digest(String script) {
        StringBuilder assembled = new StringBuilder();
        text(script)
                .lines()
                .map(line -> line.startsWith(INCLUDE) ? text(line.substring(INCLUDE.length())) : line)
                .forEach(line -> assembled.append(line).append('\n'));
        try {
            byte[] sha1 = MessageDigest.getInstance("SHA-1")
                    .digest(assembled.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha1);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Lays a script into the folder in which a piece of the text is replaced.
     *
     * @throws IllegalStateException if the piece is not there exactly once, so that an ablation cannot rot unseen
     */
    public static Path weaken(Path folder, String script, String piece, String replacement) {
        String text = text(script);
        int at = text.indexOf(piece);
        if (at < 0 || text.indexOf(piece, at + 1) >= 0) {
            throw new IllegalStateException("script " + script + " does not hold exactly once: " + piece);
        }
        Path file = folder.resolve(FOLDER + script + ".lua");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.replace(piece, replacement));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static String text(String script) {
        String path = "/" + FOLDER + script + ".lua";
        try (InputStream in = Scripts.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("the library has no resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
