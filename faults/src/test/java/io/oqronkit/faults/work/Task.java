package io.oqronkit.faults.work;

import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PayloadCodecException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A payload that says what its handler shall do.
 *
 * @param id who publishes it, and a number: unique in a run
 * @param amount attempts that fail, or ms to run
 * @param padding makes it large
 */
public record Task(String id, Action action, int amount, String padding) {

    /** What becomes of the message. */
    public enum Action {
        /** Handled at once. */
        NOTHING,
        /** Handled after {@code amount} ms. */
        SLOW,
        /** Fails {@code amount} times, then is handled. */
        FLAKY,
        /** Fails always, after {@code amount} ms. */
        POISON,
        /** Bytes that nobody can decode. */
        JUNK,
        /** Kills the JVM. */
        HALT
    }

    /** Whether it must end among the dead letters of a group with this many attempts. */
    public boolean mustDie(int maxAttempts) {
        return switch (action) {
            case POISON, JUNK, HALT -> true;
            case FLAKY -> amount >= maxAttempts;
            case NOTHING, SLOW -> false;
        };
    }

    public byte[] encoded() {
        return String.join("|", id, action.name(), Integer.toString(amount), padding)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #encoded()} wrote; undecodable ones too, which only the {@link Codec} refuses. */
    public static Task parse(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split("\\|", 4);
        return new Task(parts[0], Action.valueOf(parts[1]), Integer.parseInt(parts[2]), parts[3]);
    }

    public static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Payloads as bytes whose hash both sides can compute. */
    public static final class Codec implements PayloadCodec {

        @Override
        public byte[] encode(Object payload) {
            return ((Task) payload).encoded();
        }

        @Override
        public Object decode(byte[] bytes, Type type) {
            Task task = parse(bytes);
            if (task.action() == Action.JUNK) {
                throw new PayloadCodecException("junk", null);
            }
            return task;
        }
    }
}
