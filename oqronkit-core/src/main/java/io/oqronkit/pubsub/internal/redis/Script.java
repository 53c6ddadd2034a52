package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * The Lua programs, assembled at load from {@code scripts/*.lua} and the pieces they include. Each runs atomically,
 * declares all its keys, and answers with an array.
 */
enum Script {
    TOPIC,
    PUBLISH,
    PUBLISH_SPECIAL,
    ENSURE,
    STATE,
    LOOK,
    ACK,
    PARK,
    DEAD,
    RENEW,
    RECLAIM,
    LEAVE,
    TRIM,
    REPLAY,
    REDRIVE,
    STATS,
    DELIVERY,
    DELETE_GROUP,
    PURGE,
    DUE,
    CANCEL,
    TRIM_DEAD,
    MEMBER,
    ACQUIRE,
    EXTEND,
    RELEASE,
    TAKE,
    READ_OWNED,
    ATTEMPT,
    HALT,
    RESUME,
    SKIP,
    SHADOW_START,
    SHADOW_END;

    private static final String INCLUDE = "-- include ";
    private static final Pattern COMMAND = Pattern.compile("(?:redis\\.p?call|xadd)\\('([A-Z]+)'");

    @SuppressWarnings("ImmutableEnumChecker") // never written after construction
    private final byte[] text;

    private final String digest;

    Script() {
        StringBuilder assembled = new StringBuilder();
        read(name().toLowerCase(java.util.Locale.ROOT)).lines().forEach(line -> {
            assembled.append(line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line);
            assembled.append('\n');
        });
        this.text = assembled.toString().getBytes(StandardCharsets.UTF_8);
        this.digest = Base16.digest(text);
    }

    /**
     * Runs by digest; where the server does not know the script (a restart, a failover), once more with its text (R#32).
     * Where the user may not run one of its commands, the failure names it.
     */
    CompletableFuture<List<Object>> run(RedisLink link, Duration timeout, byte[][] keys, byte[]... args) {
        return link.<List<Object>>send(timeout, redis -> redis.evalsha(digest, ScriptOutputType.MULTI, keys, args))
                .exceptionallyCompose(
                        error -> String.valueOf(error.getMessage()).contains("NOSCRIPT")
                                ? runText(link, timeout, keys, args)
                                : explained(link, keys, error));
    }

    private CompletableFuture<List<Object>> runText(RedisLink link, Duration timeout, byte[][] keys, byte[][] args) {
        return link.<List<Object>>send(timeout, redis -> redis.eval(text, ScriptOutputType.MULTI, keys, args))
                .exceptionallyCompose(error -> explained(link, keys, error));
    }

    private CompletableFuture<List<Object>> explained(RedisLink link, byte[][] keys, Throwable error) {
        return Permissions.explained(link, keys[0], commands(), RedisFailure.of(error))
                .thenCompose(CompletableFuture::failedFuture);
    }

    /** What its text calls, and what runs it. */
    Set<String> commands() {
        Set<String> commands = new TreeSet<>(Set.of("EVAL", "EVALSHA"));
        COMMAND.matcher(new String(text, StandardCharsets.UTF_8))
                .results()
                .forEach(call -> commands.add(call.group(1)));
        return commands;
    }

    private static String read(String name) {
        String path = "scripts/" + name + ".lua";
        try (InputStream in = Script.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
