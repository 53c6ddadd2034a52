package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSubException;
import java.util.concurrent.CompletionException;

/**
 * Gives every group of a topic its place at the beginning of partitions that are new, before anybody can publish there: so
 * retention keeps what comes for groups none of whose processes is running.
 */
public final class NewPartitions {

    /** Nobody's name; a consumer must have one. */
    private static final String CONSUMER = "__parked";

    private NewPartitions() {}

    /**
     * @param before how many there are
     * @param after how many there will be
     * @throws PubSubException if that fails; doing it again is harmless
     */
    public static void prepare(RedisLinks links, String keyPrefix, String topic, int before, int after) {
        try {
            AdminSteps first = new AdminSteps(links.control(), new PartitionKeys(keyPrefix, topic, 0));
            for (String group : first.groups()) {
                for (int partition = before; partition < after; partition++) {
                    PartitionKeys keys = new PartitionKeys(keyPrefix, topic, partition);
                    new GroupSteps(links, keys, group, CONSUMER, first.mode(group))
                            .ensure(Position.earliest(), false)
                            .join();
                    if (first.isPaused(group)) {
                        new AdminSteps(links.control(), keys).pause(group);
                    }
                }
            }
        } catch (CompletionException | RedisFailure e) {
            RedisFailure failure = RedisFailure.of(e);
            throw new PubSubException(
                    "topic '%s' cannot get more partitions: %s".formatted(topic, failure.getMessage()), failure);
        }
    }
}
