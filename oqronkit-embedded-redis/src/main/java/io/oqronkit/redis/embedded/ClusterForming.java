package io.oqronkit.redis.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes a cluster out of empty nodes: each master gets its slots, all meet the first, replicas find their masters. */
record ClusterForming(List<EmbeddedRedis> masters, List<EmbeddedRedis> replicas) {

    private static final int SLOTS = 16_384;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 20;

    static ClusterForming of(List<EmbeddedRedis> masters, List<EmbeddedRedis> replicas) {
        return new ClusterForming(List.copyOf(masters), List.copyOf(replicas));
    }

    void await() {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        for (int i = 0; i < masters.size(); i++) {
            ordered(masters.get(i), "CLUSTER SET-CONFIG-EPOCH " + (i + 1));
            ordered(masters.get(i), "CLUSTER ADDSLOTS " + slots(i));
        }
        EmbeddedRedis first = masters.get(0);
        nodes().skip(1).forEach(node -> ordered(node, "CLUSTER MEET " + first.host() + ' ' + first.port()));
        for (int i = 0; i < replicas.size(); i++) {
            EmbeddedRedis replica = replicas.get(i);
            String master = ask(masters.get(i % masters.size()), "CLUSTER MYID");
            until(deadline, replica, () -> ask(replica, "CLUSTER REPLICATE " + master)
                    .equals("+OK"));
        }
        nodes().forEach(node -> until(deadline, node, () -> isInOrder(node)));
    }

    private Stream<EmbeddedRedis> nodes() {
        return Stream.concat(masters.stream(), replicas.stream());
    }

    private String slots(int master) {
        return IntStream.range(SLOTS * master / masters.size(), SLOTS * (master + 1) / masters.size())
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    /** It knows everybody and who has which slots; and all replicas are in step, as they say and as it says. */
    private boolean isInOrder(EmbeddedRedis node) {
        String info = ask(node, "CLUSTER INFO");
        String replication = ask(node, "INFO replication");
        return info.contains("cluster_state:ok")
                && info.contains("cluster_known_nodes:" + nodes().count() + "\r\n")
                && info.contains("cluster_size:" + masters.size() + "\r\n")
                && ask(node, "CLUSTER NODES")
                                .lines()
                                .filter(line -> line.contains("slave"))
                                .count()
                        == replicas.size()
                && (masters.contains(node)
                        ? replication
                                        .lines()
                                        .filter(line -> line.contains("state=online"))
                                        .count()
                                == replicas.size() / masters.size()
                        : replication.contains("master_link_status:up"));
    }

    private interface Check {
        boolean isMet();
    }

    private static void until(long deadline, EmbeddedRedis node, Check check) {
        while (!check.isMet()) {
            if (System.nanoTime() > deadline) {
                throw new EmbeddedRedisException("The cluster did not form within " + DEADLINE.toSeconds() + " s; "
                        + node + " says:\n" + ask(node, "CLUSTER INFO") + ask(node, "CLUSTER NODES"));
            }
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EmbeddedRedisException("Interrupted while waiting for the cluster to form", e);
            }
        }
    }

    private static void ordered(EmbeddedRedis node, String command) {
        String reply = ask(node, command);
        if (!reply.equals("+OK")) {
            throw new EmbeddedRedisException(
                    "%s failed on %s: %s".formatted(command.split(" ", 3)[1], node.uri(), reply));
        }
    }

    private static String ask(EmbeddedRedis node, String command) {
        try {
            return RedisSocket.call(node.port(), command, ANSWER);
        } catch (IOException e) {
            throw new EmbeddedRedisException(node + " does not answer " + command.split(" ", 3)[0], e);
        }
    }
}
