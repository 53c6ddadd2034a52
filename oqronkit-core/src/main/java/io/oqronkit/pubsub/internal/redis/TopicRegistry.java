package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.PubSubException;
import java.time.Duration;
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
        int now = await(keep(topic, wanted.orElse(1)));
        if (wanted.orElse(now) < now) {
            throw tooFew(topic, now, wanted.getAsInt());
        }
        return now;
    }

    /**
     * The number of partitions now. Registers the topic again if Redis has lost it (R#12): whoever opens it next must find
     * all its partitions.
     */
    public CompletableFuture<Integer> keep(String topic, int partitions) {
        return Script.TOPIC
                .run(link, TIMEOUT, new byte[][] {key}, Bytes.of(topic), Bytes.of(partitions), Bytes.of(FORMAT))
                .thenApply(reply -> partitions(topic, Bytes.text((byte[]) reply.get(0))));
    }

    private static int partitions(String topic, String stored) {
        String[] parts = stored.split(":", 2);
        if (parts.length != 2 || !parts[1].equals(Integer.toString(FORMAT))) {
            throw new PubSubException(
                    "topic '%s' is stored in Redis as '%s' (partitions:format), and this version reads format %d"
                            .formatted(topic, stored, FORMAT));
        }
        return Integer.parseInt(parts[0]);
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
