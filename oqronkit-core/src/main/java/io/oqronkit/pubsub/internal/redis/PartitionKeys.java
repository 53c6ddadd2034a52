package io.oqronkit.pubsub.internal.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * The keys of one partition. All share one hash tag, so that any of them may meet in one script on a cluster.
 *
 * <pre>
 * oq:topics                  hash     topic name -> "partitions:format"
 * oq:{topic:p}:s             stream   the log
 * oq:{topic:p}:m             hash     last id, and of each group: generation, floor, counters
 * oq:{topic:p}:p             hash     producer -> last batch
 * oq:{topic:p}:i, :ix        hash, zset   idempotency key -> id, and by expiry
 * oq:{topic:p}:z, :zm        zset, hash   scheduled messages by due time, and their bodies
 * oq:{topic:p}:k:group       zset     parked deliveries by due time
 * oq:{topic:p}:r:group       stream   redriven messages
 * oq:{topic:p}:d:group       stream   dead letters
 * oq:{topic:p}:o:group       string   owner of the partition in an ordered group
 * oq:{topic:0}:w:group       hash     processes of an ordered group
 * </pre>
 */
public final class PartitionKeys {

    private final String base;
    private final int partition;

    public PartitionKeys(String prefix, String topic, int partition) {
        this.base = prefix + ":{" + topic + ":" + partition + "}:";
        this.partition = partition;
    }

    static byte[] topics(String prefix) {
        return Bytes.of(prefix + ":topics");
    }

    public int partition() {
        return partition;
    }

    byte[] stream() {
        return Bytes.of(base + "s");
    }

    byte[] meta() {
        return Bytes.of(base + "m");
    }

    byte[] producers() {
        return Bytes.of(base + "p");
    }

    byte[] schedule() {
        return Bytes.of(base + "z");
    }

    /** Of scheduled messages. */
    byte[] bodies() {
        return Bytes.of(base + "zm");
    }

    /** In the order in which the publish script and that of due messages take them. */
    byte[][] ofPublish() {
        return new byte[][] {
            stream(), meta(), producers(), Bytes.of(base + "i"), Bytes.of(base + "ix"), schedule(), bodies()
        };
    }

    byte[] redriven(String group) {
        return Bytes.of(base + "r:" + group);
    }

    byte[] deadLetters(String group) {
        return Bytes.of(base + "d:" + group);
    }

    /** Who takes part in an ordered group; that of partition 0 speaks for the topic. */
    byte[] members(String group) {
        return Bytes.of(base + "w:" + group);
    }

    /** In the order in which the purge script takes them. */
    byte[][] ofPurge(List<String> groups) {
        List<byte[]> keys = new ArrayList<>(List.of(stream(), meta(), schedule(), bodies()));
        for (String group : groups) {
            keys.add(redriven(group));
            keys.add(parked(group));
            keys.add(deadLetters(group));
        }
        return keys.toArray(byte[][]::new);
    }

    private byte[] parked(String group) {
        return Bytes.of(base + "k:" + group);
    }

    /** For people: {@code orders:0}. */
    @Override
    public String toString() {
        return base.substring(base.indexOf('{') + 1, base.indexOf('}'));
    }

    /** In the order in which the scripts of a group take them. */
    byte[][] ofGroup(String group) {
        return new byte[][] {
            stream(), redriven(group), meta(), parked(group), deadLetters(group), Bytes.of(base + "o:" + group)
        };
    }
}
