package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Finds out which commands Redis does not let this user run, so that this shows at the start and not at the first retry,
 * and so that the command has a name: Redis 6.2 does not say which one it refused inside a Lua program. Redis checks
 * permission before it does anything, so each command is asked about in a form that changes nothing: on a key that is
 * never there, or with an argument it does not take. {@code ACL DRYRUN} is not in 6.2 and needs a permission itself.
 */
final class Permissions {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String KEY = "K";

    /** Arguments with which a command changes nothing if {@code K} does not exist. */
    private static final Map<String, String> HARMLESS = Map.ofEntries(
            Map.entry("DEL", "K"),
            Map.entry("EVAL", "return{} 1 K"),
            Map.entry("EVALSHA", "- 1 K"),
            Map.entry("EXISTS", "K"),
            Map.entry("GET", "K"),
            Map.entry("HDEL", "K -"),
            Map.entry("HEXISTS", "K -"),
            Map.entry("HGET", "K -"),
            Map.entry("HGETALL", "K"),
            Map.entry("HINCRBY", "K - no-number"),
            Map.entry("HLEN", "K"),
            Map.entry("HMGET", "K -"),
            Map.entry("HSET", "K - - field-without-value"),
            Map.entry("PEXPIRE", "K 1"),
            Map.entry("PTTL", "K"),
            Map.entry("SET", "K - no-option"),
            Map.entry("TIME", ""),
            Map.entry("XACK", "K - 0-1"),
            Map.entry("XADD", "K NOMKSTREAM * - -"),
            Map.entry("XCLAIM", "K - - 0 0-1"),
            Map.entry("XDEL", "K 0-1"),
            Map.entry("XGROUP", "DESTROY K -"),
            Map.entry("XINFO", "STREAM K"),
            Map.entry("XLEN", "K"),
            Map.entry("XPENDING", "K -"),
            Map.entry("XRANGE", "K - + COUNT 1"),
            Map.entry("XREAD", "COUNT 1 STREAMS K 0"),
            Map.entry("XREADGROUP", "GROUP - - COUNT 1 STREAMS K >"),
            Map.entry("XTRIM", "K MAXLEN 0"),
            Map.entry("ZADD", "K no-number -"),
            Map.entry("ZCARD", "K"),
            Map.entry("ZRANGE", "K 0 0"),
            Map.entry("ZRANGEBYSCORE", "K 0 0"),
            Map.entry("ZREM", "K -"),
            Map.entry("ZSCORE", "K -"));

    /** There is no form of it that changes nothing. */
    static final Set<String> NOT_ASKED = Set.of("HSETNX");

    private static final Set<Script> CONSUMING = EnumSet.of(
            Script.ENSURE,
            Script.STATE,
            Script.LOOK,
            Script.ACK,
            Script.PARK,
            Script.DEAD,
            Script.RENEW,
            Script.RECLAIM,
            Script.LEAVE,
            Script.MEMBER,
            Script.ACQUIRE,
            Script.EXTEND,
            Script.RELEASE,
            Script.TAKE,
            Script.READ_OWNED,
            Script.ATTEMPT,
            Script.HALT,
            Script.TRIM,
            Script.TRIM_DEAD);

    private Permissions() {}

    /** As {@link #missing}, of all that a consumer needs sooner or later, in any mode and for retention. */
    static CompletableFuture<List<String>> missingForConsuming(RedisLink link, byte[] near) {
        Set<String> needed = new TreeSet<>(Set.of("XREAD", "XREADGROUP"));
        CONSUMING.forEach(script -> needed.addAll(script.commands()));
        return missing(link, near, needed);
    }

    /**
     * Completes with those that are refused, without {@link #NOT_ASKED}; with none where Redis does not answer.
     *
     * @param near a key of the partition concerned
     */
    static CompletableFuture<List<String>> missing(RedisLink link, byte[] near, Collection<String> commands) {
        byte[] key = neverThere(near);
        Map<String, CompletableFuture<Boolean>> answers = new TreeMap<>();
        commands.stream()
                .filter(command -> !NOT_ASKED.contains(command))
                .forEach(command -> answers.put(command, isRefused(link, command, key)));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> answers.entrySet().stream()
                        .filter(answer -> answer.getValue().join())
                        .map(Map.Entry::getKey)
                        .toList());
    }

    /** The same failure, or one that names the commands if it says that one of these is not permitted. */
    static CompletableFuture<RedisFailure> explained(
            RedisLink link, byte[] near, Collection<String> commands, RedisFailure failure) {
        if (!isOfCommand(failure)) {
            return CompletableFuture.completedFuture(failure);
        }
        return missing(link, near, commands).thenApply(missing -> {
            List<String> names = missing.isEmpty()
                    ? commands.stream().filter(NOT_ASKED::contains).toList()
                    : missing;
            return names.isEmpty() ? failure : RedisFailure.notPermitted(names, failure);
        });
    }

    private static CompletableFuture<Boolean> isRefused(RedisLink link, String command, byte[] key) {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        String given = HARMLESS.get(command);
        if (given == null) {
            throw new IllegalArgumentException("it is not known how to ask about " + command);
        }
        for (String arg : given.split(" ", -1)) {
            if (arg.equals(KEY)) {
                args.addKey(key);
            } else if (!arg.isEmpty()) {
                args.add(arg);
            }
        }
        return link.<List<Object>>send(
                        TIMEOUT,
                        redis -> redis.dispatch(
                                CommandType.valueOf(command), new NestedMultiOutput<>(ByteArrayCodec.INSTANCE), args))
                .handle((reply, error) -> error != null && isOfCommand(RedisFailure.of(error)));
    }

    private static boolean isOfCommand(RedisFailure failure) {
        String text = String.valueOf(failure.getMessage());
        return failure.isNotPermitted()
                && (text.contains("permissions to run") || text.contains("can't run this command"));
    }

    /** In the slot of the partition, under a name that no key of ours has. */
    private static byte[] neverThere(byte[] near) {
        String key = Bytes.text(near);
        return Bytes.of(key.substring(0, key.indexOf("}:") + 2) + '-');
    }
}
