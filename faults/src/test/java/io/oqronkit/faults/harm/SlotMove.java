package io.oqronkit.faults.harm;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Moves a slot from one master to another while it is in use, as {@code redis-cli --cluster reshard} does, only slower. */
public final class SlotMove {

    private static final int DATABASE = 0;
    private static final long MIGRATE_MS = 5_000;

    private final EmbeddedRedisCluster cluster;
    private final int slot;

    /** @param key any key of the slot */
    public SlotMove(EmbeddedRedisCluster cluster, String key) {
        this.cluster = cluster;
        this.slot = SlotHash.getSlot(key);
    }

    /**
     * To a master that does not have it.
     *
     * @param between how long to wait between two keys
     * @return how many keys were moved
     */
    public int run(Duration between) {
        EmbeddedRedis from =
                cluster.masters().stream().filter(this::owns).findFirst().orElseThrow();
        EmbeddedRedis to = cluster.masters().stream()
                .filter(node -> node != from)
                .findFirst()
                .orElseThrow();
        try (RedisClient client = RedisClient.create()) {
            RedisCommands<String, String> source = connect(client, from);
            RedisCommands<String, String> target = connect(client, to);
            target.clusterSetSlotImporting(slot, source.clusterMyId());
            source.clusterSetSlotMigrating(slot, target.clusterMyId());
            int moved = 0;
            for (List<String> keys = source.clusterGetKeysInSlot(slot, 1);
                    !keys.isEmpty();
                    keys = source.clusterGetKeysInSlot(slot, 1)) {
                LockSupport.parkNanos(moved == 0 ? 0 : between.toNanos());
                source.migrate(to.host(), to.port(), DATABASE, MIGRATE_MS, MigrateArgs.Builder.key(keys.get(0)));
                moved++;
            }
            String owner = target.clusterMyId();
            target.clusterSetSlotNode(slot, owner);
            source.clusterSetSlotNode(slot, owner);
            cluster.masters().stream()
                    .filter(node -> node != from && node != to)
                    .forEach(node -> connect(client, node).clusterSetSlotNode(slot, owner));
            return moved;
        }
    }

    private boolean owns(EmbeddedRedis node) {
        try (RedisClient client = RedisClient.create()) {
            RedisCommands<String, String> commands = connect(client, node);
            return commands.clusterNodes()
                    .lines()
                    .filter(line -> line.contains("myself"))
                    .flatMap(line -> List.of(line.split(" ")).stream().skip(8))
                    .filter(range -> !range.startsWith("["))
                    .map(range -> range.split("-"))
                    .anyMatch(range ->
                            Integer.parseInt(range[0]) <= slot && slot <= Integer.parseInt(range[range.length - 1]));
        }
    }

    private static RedisCommands<String, String> connect(RedisClient client, EmbeddedRedis node) {
        StatefulRedisConnection<String, String> connection = client.connect(RedisURI.create(node.uri()));
        return connection.sync();
    }
}
