package io.oqronkit.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EmbeddedSentinelIT {

    private static final Duration FAILOVER = Duration.ofSeconds(10);

    @Test
    void describesItselfFailsOverAndLeavesNothingBehind() throws IOException {
        List<EmbeddedRedis> all;
        try (EmbeddedSentinel redis = EmbeddedSentinel.builder()
                .downAfter(Duration.ofMillis(500))
                .setting("maxmemory", "100mb")
                .start()) {
            EmbeddedRedis first = redis.master();
            EmbeddedRedis second = redis.replicas().get(0);
            all = Stream.concat(Stream.of(first, second), redis.sentinels().stream())
                    .toList();
            assertThat(redis.nodes()).hasSize(3).allMatch(node -> node.matches("127\\.0\\.0\\.1:\\d+"));
            assertThat(redis.uri()).isEqualTo("redis-sentinel://" + String.join(",", redis.nodes()) + "#oqronkit");
            assertThat(call(first, "INFO replication")).contains("role:master", "port=" + second.port());
            assertThat(call(second, "INFO memory")).contains("maxmemory:104857600");
            assertThat(call(first, "SET order paid")).isEqualTo("+OK");
            assertThat(redis.addUser("guest", "s3cret", "+get"))
                    .isEqualTo("redis-sentinel://guest:s3cret@" + String.join(",", redis.nodes()) + "#oqronkit");

            first.kill();

            await().atMost(FAILOVER).until(() -> redis.master() == second);
            assertThat(redis.replicas()).containsExactly(first);
            assertThat(call(second, "GET order")).isEqualTo("paid");
            assertThat(call(second, "AUTH guest s3cret")).isEqualTo("+OK");
        }
        assertThat(all).noneMatch(EmbeddedRedis::isRunning).allSatisfy(server -> assertThat(server.dataDirectory())
                .doesNotExist());
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedSentinel.builder().replicas(0))
                .withMessageContaining("replicas must be from 1 to 5, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddedSentinel.builder().downAfter(Duration.ZERO))
                .withMessageContaining("downAfter must be at least 100 ms, was 0 ms");
    }

    private static String call(EmbeddedRedis redis, String command) throws IOException {
        return RedisSocket.call(redis.port(), command, FAILOVER);
    }
}
