package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.PubSubException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Which topics exist, with how many partitions, in which format. Safe for concurrent use. */
public final class TopicRegistry {

    private static final int FORMAT = 1;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RedisLink link;
    private final byte[] key;

    public TopicRegistry(RedisLink control, String keyPrefix) {
        this.link = control;
        this.key = PartitionKeys.topics(keyPrefix);
    }

    /**
     * The number of partitions of a topic; registers it if it is new, and raises the number if more are wanted.
     *
     * @param wanted what the caller asks for; empty takes what is stored, else 1
     * @param beforeRaising is given the number that is stored, before more are seen by anybody
     * @throws PubSubException if a higher number or another format is stored
     */
    public int partitions(String topic, OptionalInt wanted, IntConsumer beforeRaising) {
        byte @Nullable [] stored = await(link.<byte[]>send(TIMEOUT, redis -> redis.hget(key, Bytes.of(topic))));
        if (stored != null) {
            int before = partitions(topic, Bytes.text(stored));
            if (wanted.orElse(before) < before) {
                throw tooFew(topic, before, wanted.getAsInt());
            }
            if (wanted.orElse(before) == before) {
                return before;
            }
            beforeRaising.accept(before);
        }
        int now = partitions(
                topic, await(register(Map.of(topic, wanted.orElse(1)))).get(0));
        if (wanted.orElse(now) < now) {
            throw tooFew(topic, now, wanted.getAsInt());
        }
        return now;
    }

    /**
     * The numbers of partitions now of topics that are open here with so many, by name; without those in another format.
     * Registers a topic again if Redis has lost it (R#12): whoever opens it next must find all its partitions.
     */
    public CompletableFuture<Map<String, Integer>> keep(Map<String, Integer> open) {
        return register(open).thenApply(reply -> {
            Iterator<String> stored = reply.iterator();
            Map<String, Integer> now = new HashMap<>();
            open.keySet().forEach(topic -> known(stored.next()).ifPresent(partitions -> now.put(topic, partitions)));
            return now;
        });
    }

    private CompletableFuture<List<String>> register(Map<String, Integer> topics) {
        List<byte[]> args = new ArrayList<>(List.of(Bytes.of(FORMAT)));
        topics.forEach((topic, partitions) -> {
            args.add(Bytes.of(topic));
            args.add(Bytes.of(partitions));
        });
        return Script.TOPIC
                .run(link, TIMEOUT, new byte[][] {key}, args.toArray(byte[][]::new))
                .thenApply(reply -> reply.stream().map(Bytes::text).toList());
    }

    private static int partitions(String topic, String stored) {
        return known(stored)
                .orElseThrow(() -> new PubSubException(
                        "topic '%s' is stored in Redis as '%s' (partitions:format), and this version reads format %d"
                                .formatted(topic, stored, FORMAT)));
    }

    private static OptionalInt known(String stored) {
        String[] parts = stored.split(":", 2);
        return parts.length == 2 && parts[1].equals(Integer.toString(FORMAT))
                ? OptionalInt.of(Integer.parseInt(parts[0]))
                : OptionalInt.empty();
    }

    private static PubSubException tooFew(String topic, int stored, int wanted) {
        return new PubSubException(
                "topic '%s' exists in Redis with %d partitions and cannot be opened with %d: the number can only be raised; set oqronkit.pubsub.topics.%s.partitions to %d or more, or leave it out"
                        .formatted(topic, stored, wanted, topic, stored));
    }

    private <R> R await(CompletableFuture<R> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PubSubException known) {
                throw known;
            }
            RedisFailure failure = RedisFailure.of(e);
            throw new PubSubException(
                    "topics are kept in '%s', which cannot be used: %s"
                            .formatted(Bytes.text(key), failure.getMessage()),
                    failure);
        }
    }
}
