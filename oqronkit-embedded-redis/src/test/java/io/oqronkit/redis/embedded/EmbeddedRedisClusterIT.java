package io.oqronkit.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmbeddedRedisClusterIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void mastersShareTheSlotsAndEachHasItsReplica() throws IOException {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start(3, 1)) {
            assertThat(cluster.masters()).hasSize(3);
            assertThat(cluster.replicas()).hasSize(3);
            assertThat(cluster.uris()).hasSize(6).allMatch(uri -> uri.startsWith("redis://127.0.0.1:"));
            assertThat(cluster.hostsAndPorts())
                    .isEqualTo(cluster.nodes().stream()
                            .map(node -> "127.0.0.1:" + node.port())
                            .collect(Collectors.joining(",")));
            assertThat(cluster.addUser("guest", "s3cret", "+get"))
                    .hasSize(6)
                    .allMatch(uri -> uri.startsWith("redis://guest:s3cret@127.0.0.1:"));
            for (EmbeddedRedis node : cluster.nodes()) {
                assertThat(call(node, "AUTH guest s3cret")).isEqualTo("+OK");
                assertThat(call(node, "CLUSTER INFO")).contains("cluster_state:ok", "cluster_slots_ok:16384");
            }
            assertThat(call(cluster.masters().get(0), "CLUSTER KEYSLOT order")).isEqualTo(":16025");
            assertThat(call(cluster.masters().get(2), "SET order paid")).isEqualTo("+OK");
            assertThat(call(cluster.masters().get(0), "GET order")).startsWith("-MOVED 16025 127.0.0.1:");

            cluster.masters().get(2).kill();

            EmbeddedRedis successor = cluster.replicas().get(2);
            await().atMost(Duration.ofSeconds(20)).until(() -> call(successor, "GET order"), "paid"::equals);
            cluster.masters().get(2).restart();
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            call(cluster.masters().get(2), "INFO replication").contains("role:slave"));
        }
    }

    @Test
    void sizesAreChecked() {
        EmbeddedRedisCluster.Builder builder = EmbeddedRedisCluster.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.masters(0))
                .withMessage("masters must be from 1 to 100, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.replicasOfEach(6))
                .withMessage("replicasOfEach must be from 0 to 5, was 6");
    }

    private static String call(EmbeddedRedis node, String command) throws IOException {
        return RedisSocket.call(node.port(), command, TIMEOUT);
    }
}
