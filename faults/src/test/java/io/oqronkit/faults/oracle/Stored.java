package io.oqronkit.faults.oracle;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.oqronkit.faults.work.Task;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.TopicAdmin;
import io.oqronkit.pubsub.TopicStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in Redis at the end of a run.
 *
 * @param messages those the streams still hold, by partition and offset
 * @param lastOffsets the highest offset ever given, of each partition
 * @param deadLetters by group
 */
public record Stored(
        List<Message> messages,
        List<Long> lastOffsets,
        Map<String, GroupStats> groups,
        Map<String, List<DeadLetter>> deadLetters) {

    private static final int PAGE = 1_000;
    private static final int MOST_DEAD_LETTERS = 10_000;

    /** An entry of the log. */
    public record Message(int partition, long offset, String id, Task task, String hash) {}

    /** Asks Redis, over the public API where it tells, else by the documented keys. */
    public static Stored read(TopicAdmin admin, RedisClusterCommands<byte[], byte[]> redis) {
        TopicStats stats = admin.stats();
        List<Message> messages = new ArrayList<>();
        List<Long> lastOffsets = new ArrayList<>();
        for (int partition = 0; partition < stats.partitions(); partition++) {
            String keys = "oq:{" + stats.topic() + ":" + partition + "}";
            messages.addAll(messages(redis, keys + ":s", partition));
            byte[] last = redis.hget(bytes(keys + ":m"), bytes("l"));
            lastOffsets.add(last == null ? 0 : offset(new String(last, StandardCharsets.US_ASCII)));
        }
        Map<String, List<DeadLetter>> deadLetters = new TreeMap<>();
        stats.groups().keySet().forEach(group -> deadLetters.put(group, admin.deadLetters(group, MOST_DEAD_LETTERS)));
        return new Stored(messages, lastOffsets, stats.groups(), deadLetters);
    }

    /** Retention may go on meanwhile, and what it removes between two pages would look like lost messages. */
    private static List<Message> messages(RedisClusterCommands<byte[], byte[]> redis, String stream, int partition) {
        List<Message> all;
        do {
            all = pages(redis, stream, partition);
        } while (!all.isEmpty() && redis.xlen(bytes(stream)) != all.size());
        return all;
    }

    private static List<Message> pages(RedisClusterCommands<byte[], byte[]> redis, String stream, int partition) {
        List<Message> all = new ArrayList<>();
        Range.Boundary<String> from = Range.Boundary.unbounded();
        List<StreamMessage<byte[], byte[]>> page;
        do {
            page = redis.xrange(bytes(stream), Range.from(from, Range.Boundary.unbounded()), Limit.from(PAGE));
            for (StreamMessage<byte[], byte[]> entry : page) {
                byte[] payload = entry.getBody().entrySet().stream()
                        .filter(field -> field.getKey()[0] == 'p')
                        .findFirst()
                        .orElseThrow()
                        .getValue();
                all.add(new Message(
                        partition,
                        offset(entry.getId()),
                        partition + ":" + entry.getId(),
                        Task.parse(payload),
                        Task.hash(payload)));
                from = Range.Boundary.excluding(entry.getId());
            }
        } while (page.size() == PAGE);
        return all;
    }

    private static long offset(String id) {
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
