package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import java.util.OptionalLong;

/**
 * What one partition may keep of a topic's limits by count: an even share of each, rounded up.
 *
 * @param maxCount what is kept of finished messages
 * @param reject beyond this a publish is refused
 * @param dropOldest beyond this the oldest messages go, finished or not
 */
public record Shares(OptionalLong maxCount, OptionalLong reject, OptionalLong dropOldest) {

    public static Shares of(Retention retention, int partitions) {
        OptionalLong reject = share(retention.cap(CapAction.REJECT), partitions);
        return new Shares(
                least(share(retention.maxCount(), partitions), room(reject)),
                reject,
                share(retention.cap(CapAction.DROP_OLDEST), partitions));
    }

    private static OptionalLong share(OptionalLong ofTopic, int partitions) {
        return ofTopic.isPresent()
                ? OptionalLong.of((ofTopic.getAsLong() + partitions - 1) / partitions)
                : OptionalLong.empty();
    }

    /** A tenth of a cap that rejects stays free of what everybody has finished, else nothing could be published again. */
    private static OptionalLong room(OptionalLong reject) {
        return reject.isPresent()
                ? OptionalLong.of(reject.getAsLong() - (reject.getAsLong() + 9) / 10)
                : OptionalLong.empty();
    }

    private static OptionalLong least(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(Math.min(one.getAsLong(), other.getAsLong()))
                : one.isPresent() ? one : other;
    }
}
