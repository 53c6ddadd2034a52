package io.oqronkit.pubsub;

import java.util.Map;

/**
 * A topic at the moment of the call.
 *
 * @param topic its name
 * @param messages messages kept now, over all partitions
 * @param scheduled messages that have not entered the log yet, over all partitions
 * @param partitions number of partitions
 * @param groups each group by name
 * @param shadowReplays each shadow replay at work, of any process, by its name
 */
public record TopicStats(
        String topic,
        long messages,
        long scheduled,
        int partitions,
        Map<String, GroupStats> groups,
        Map<String, ShadowReplayStats> shadowReplays) {

    public TopicStats {
        groups = Map.copyOf(groups);
        shadowReplays = Map.copyOf(shadowReplays);
    }
}
