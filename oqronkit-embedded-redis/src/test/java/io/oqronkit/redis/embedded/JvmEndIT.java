package io.oqronkit.redis.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a server whose JVM ends without closing it. */
class JvmEndIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private Process jvm;
    private BufferedReader output;
    private ProcessHandle server;
    private ProcessHandle shell;
    private Path folder;

    @AfterEach
    void stopWhatIsLeft() {
        jvm.destroyForcibly();
        Stream.of(server, shell).filter(Objects::nonNull).forEach(ProcessHandle::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "paused"})
    void endsWithAKilledJvmAndTakesItsFolderAlong(String state) throws Exception {
        startJvm(state);
        assertThat(server.isAlive()).isTrue();
        assertThat(folder).isDirectory();

        jvm.destroyForcibly();

        awaitNothingLeft();
    }

    @Test
    void servesTheShutdownHooksOfItsJvmAndThenEnds() throws Exception {
        startJvm("running");

        jvm.toHandle().destroy(); // Process.destroy() would also close the output read below

        assertThat(output.readLine()).isEqualTo("in the shutdown hook: +PONG");
        assertThat(jvm.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        awaitNothingLeft();
    }

    @Test
    void endsWithItsJvmAfterASupervisorTerminatedTheWholeProcessGroup() throws Exception {
        startJvm("running");

        // The server has a session of its own; the shell and its guard are in the group of the JVM.
        List<ProcessHandle> group = Stream.concat(Stream.of(shell), shell.children())
                .filter(process -> !process.equals(server))
                .toList();
        assertThat(group).hasSize(2);
        group.forEach(ProcessHandle::destroy);
        jvm.destroyForcibly();

        awaitNothingLeft();
    }

    @Test
    void endsItsShellWhenTheServerIsKilled() throws Exception {
        startJvm("running");

        server.destroyForcibly();

        await().atMost(TIMEOUT).until(() -> !shell.isAlive());
        assertThat(folder).isDirectory();
        new DataFolder(folder, true).deleteIfTemporary();
        jvm.toHandle().destroy();
        assertThat(jvm.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private void awaitNothingLeft() {
        await().atMost(TIMEOUT).until(() -> !server.isAlive() && !shell.isAlive() && Files.notExists(folder));
    }

    private void startJvm(String state) throws IOException {
        jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChildJvm.class.getName(),
                        state)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = jvm.inputReader();
        server = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
        shell = server.parent().orElseThrow();
        folder = Path.of(output.readLine());
    }

    /** Starts a server, prints its pid and folder, and waits to be ended. */
    static final class ChildJvm {

        private ChildJvm() {}

        public static void main(String[] args) throws IOException {
            EmbeddedRedis redis = EmbeddedRedis.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> ping(redis)));
            if (args[0].equals("paused")) {
                redis.pause();
            }
            System.out.println(redis.pid());
            System.out.println(redis.dataDirectory());
            System.in.read();
        }

        private static void ping(EmbeddedRedis redis) {
            try {
                System.out.println(
                        "in the shutdown hook: " + RedisSocket.call(redis.port(), "PING", Duration.ofSeconds(5)));
            } catch (IOException e) {
                System.out.println("in the shutdown hook: " + e);
            }
        }
    }
}
