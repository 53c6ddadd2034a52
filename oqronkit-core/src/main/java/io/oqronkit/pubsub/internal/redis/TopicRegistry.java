package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.PubSubException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
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
     * The number of partitions of a topic; registers it if it is new.
     *
     * @param wanted what the caller asks for; empty takes what is stored, else 1
     * @throws PubSubException if another number or another format is stored
     */
    public int partitions(String topic, OptionalInt wanted) {
        byte[] field = Bytes.of(topic);
        byte[] stored = get(field);
        if (stored == null) {
            byte[] fresh = Bytes.of(wanted.orElse(1) + ":" + FORMAT);
            await(link.<Boolean>send(TIMEOUT, redis -> redis.hsetnx(key, field, fresh)));
            stored = get(field);
        }
        return check(topic, wanted, Bytes.text(stored == null ? new byte[0] : stored));
    }

    /** Registers the topic again if Redis has lost it (R#12); whoever opens it next must find its partitions. */
    public void keep(String topic, int partitions) {
        byte[] value = Bytes.of(partitions + ":" + FORMAT);
        link.<Boolean>send(TIMEOUT, redis -> redis.hsetnx(key, Bytes.of(topic), value));
    }

    private byte @Nullable [] get(byte[] field) {
        return await(link.<byte[]>send(TIMEOUT, redis -> redis.hget(key, field)));
    }

    private static int check(String topic, OptionalInt wanted, String stored) {
        String[] parts = stored.split(":", 2);
        if (parts.length != 2 || !parts[1].equals(Integer.toString(FORMAT))) {
            throw new PubSubException(
                    "topic '%s' is stored in Redis as '%s' (partitions:format), and this version reads format %d"
                            .formatted(topic, stored, FORMAT));
        }
        int partitions = Integer.parseInt(parts[0]);
        if (wanted.isPresent() && wanted.getAsInt() != partitions) {
            throw new PubSubException(
                    "topic '%s' exists in Redis with %d partitions and cannot be opened with %d: the number is fixed when a topic is first used"
                            .formatted(topic, partitions, wanted.getAsInt()));
        }
        return partitions;
    }

    private <R> R await(java.util.concurrent.CompletableFuture<R> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            RedisFailure failure = RedisFailure.of(e);
            throw new PubSubException(
                    "topics are kept in '%s', which cannot be used: %s"
                            .formatted(Bytes.text(key), failure.getMessage()),
                    failure);
        }
    }
}
