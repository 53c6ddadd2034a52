package io.oqronkit.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void answersOnLoopbackAndDescribesItself() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThat(call(redis, "PING")).isEqualTo("+PONG");
            assertThat(call(redis, "INFO server"))
                    .contains("process_id:" + redis.pid() + "\r\n")
                    .contains("tcp_port:" + redis.port() + "\r\n");
            assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + redis.port());
            assertThat(redis.version()).matches("\\d+\\.\\d+\\.\\d+.*");
            assertThat(redis.dataDirectory()).isDirectory();
            assertThat(redis.isRunning()).isTrue();
        }
    }

    @Test
    void writesAnAppendOnlyFileUnlessToldOtherwise() throws IOException {
        try (EmbeddedRedis standard = EmbeddedRedis.start();
                EmbeddedRedis changed =
                        EmbeddedRedis.builder().setting("appendonly", "no").start()) {
            assertThat(call(standard, "INFO persistence")).contains("aof_enabled:1");
            assertThat(call(changed, "INFO persistence")).contains("aof_enabled:0");
        }
    }

    @Test
    void keepsPortAndDataOverKillAndRestart() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            call(redis, "SET order paid");
            int port = redis.port();
            long pid = redis.pid();

            redis.kill();
            assertThat(redis.isRunning()).isFalse();
            assertThat(alive(pid)).isFalse();

            redis.restart();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(redis.pid()).isNotEqualTo(pid);
            assertThat(call(redis, "GET order")).isEqualTo("paid");
        }
    }

    @Test
    void keepsDataOverRestartOfARunningServer() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            call(redis, "SET order paid");
            long pid = redis.pid();

            redis.restart();
            assertThat(alive(pid)).isFalse();
            assertThat(call(redis, "GET order")).isEqualTo("paid");
        }
    }

    @Test
    void answersNothingWhilePaused() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            redis.pause();
            assertThatThrownBy(() -> RedisSocket.call(redis.port(), "PING", Duration.ofMillis(200)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(redis.isRunning()).isTrue();

            redis.resume();
            assertThat(call(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void deletesAllDataOnFlush() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            call(redis, "SET order paid");
            redis.flushAll();
            assertThat(call(redis, "DBSIZE")).isEqualTo(":0");
        }
    }

    @Test
    void givesAUserWhatTheRulesSayAndKeepsItOverARestart() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            String uri = redis.addUser("guest", "s3cret", "~orders:* +set");
            redis.addUser("guest", "s3cret", "~orders:* +get");
            assertThat(uri).isEqualTo("redis://guest:s3cret@127.0.0.1:" + redis.port());

            redis.restart();
            assertThat(Files.readAllLines(redis.dataDirectory().resolve("embedded-redis.conf")))
                    .filteredOn(line -> line.startsWith("user "))
                    .containsExactly("user guest on >s3cret ~orders:* +get");
            assertThat(call(redis, "AUTH guest s3cret")).isEqualTo("+OK");
        }
    }

    @Test
    void refusesRulesThatTheServerDoesNotKnow() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThatThrownBy(() -> redis.addUser("guest", "s3cret", "+no-such-command"))
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("ACL SETUSER guest failed")
                    .hasMessageContaining("no-such-command")
                    .hasMessageNotContaining("s3cret");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> redis.addUser("guest", "a b", ""))
                    .withMessageNotContaining("a b");
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        EmbeddedRedis running = EmbeddedRedis.start();
        EmbeddedRedis paused = EmbeddedRedis.start();
        EmbeddedRedis killed = EmbeddedRedis.start();
        paused.pause();
        killed.kill();
        for (EmbeddedRedis redis : new EmbeddedRedis[] {running, paused, killed}) {
            redis.close();
            redis.close();
            assertThat(redis.isRunning()).isFalse();
            assertThat(alive(redis.pid())).isFalse();
            assertThat(redis.dataDirectory()).doesNotExist();
            assertThatIllegalStateException().isThrownBy(redis::restart).withMessageContaining("closed");
        }
    }

    @Test
    void keepsAGivenFolderForTheNextServer(@TempDir Path folder) throws IOException {
        Path data = folder.resolve("with space \"and quotes\"");
        try (EmbeddedRedis redis = EmbeddedRedis.builder().dataDirectory(data).start()) {
            call(redis, "SET order paid");
        }
        try (EmbeddedRedis redis = EmbeddedRedis.builder().dataDirectory(data).start()) {
            assertThat(redis.dataDirectory()).isEqualTo(data);
            assertThat(call(redis, "GET order")).isEqualTo("paid");
        }
        assertThat(data).isDirectory();
    }

    @Test
    void failsWithTheOutputOfTheServer() {
        EmbeddedRedis.Builder builder = EmbeddedRedis.builder().setting("maxmemory", "plenty");
        assertThatThrownBy(builder::start)
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining("did not start")
                .hasMessageContaining("maxmemory plenty");
    }

    @Test
    void doesNotTakeAnotherServerOnItsPortForItsOwn() {
        try (EmbeddedRedis first = EmbeddedRedis.start()) {
            EmbeddedRedis.Builder second = EmbeddedRedis.builder().port(first.port());
            assertThatThrownBy(second::start)
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void runsTheBinaryInItsPidAndNotTheShellAroundIt() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            Optional<String> command = ProcessHandle.of(redis.pid())
                    .flatMap(process -> process.info().command());
            assertThat(command)
                    .hasValueSatisfying(path ->
                            assertThat(Path.of(path).getFileName().toString()).isNotIn("sh", "dash", "bash"));
            assertThat(Files.readString(redis.dataDirectory().resolve("embedded-redis.log")))
                    .contains("Ready to accept connections");
        }
    }

    private static String call(EmbeddedRedis redis, String command) throws IOException {
        return RedisSocket.call(redis.port(), command, TIMEOUT);
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
