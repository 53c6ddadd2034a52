package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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

    @SuppressWarnings("ImmutableEnumChecker") // likewise
    private final byte[] digest;

    Script() {
        StringBuilder assembled = new StringBuilder();
        read(name().toLowerCase(java.util.Locale.ROOT)).lines().forEach(line -> {
            assembled.append(line.startsWith(INCLUDE) ? read(line.substring(INCLUDE.length())) : line);
            assembled.append('\n');
        });
        this.text = assembled.toString().getBytes(StandardCharsets.UTF_8);
        this.digest = Base16.digest(text).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Runs by digest; where the server does not know the script (a restart, a failover), once more with its text (R#32).
     * Where the user may not run one of its commands, the failure names it.
     */
    CompletableFuture<List<Object>> run(RedisLink link, Duration timeout, byte[][] keys, byte[]... args) {
        return run(link, timeout, keys, List.of(), args);
    }

    /** As above, with the refs of these entries behind the other arguments. */
    CompletableFuture<List<Object>> run(
            RedisLink link, Duration timeout, byte[][] keys, List<StoredEntry> refs, byte[]... args) {
        Function<byte[], CommandArgs<byte[], byte[]>> with = script ->
                new RefArgs(refs).add(script).add(keys.length).addKeys(keys).addValues(args);
        return call(link, timeout, CommandType.EVALSHA, with.apply(digest))
                .exceptionallyCompose(
                        error -> String.valueOf(error.getMessage()).contains("NOSCRIPT")
                                ? call(link, timeout, CommandType.EVAL, with.apply(text))
                                        .exceptionallyCompose(again -> explained(link, keys, again))
                                : explained(link, keys, error));
    }

    private static CompletableFuture<List<Object>> call(
            RedisLink link, Duration timeout, CommandType how, CommandArgs<byte[], byte[]> args) {
        return link.send(timeout, redis -> redis.dispatch(how, new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args));
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
