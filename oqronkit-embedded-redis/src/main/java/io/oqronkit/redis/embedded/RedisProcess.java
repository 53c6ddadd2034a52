package io.oqronkit.redis.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of a server program. Between this JVM and the server stands a shell whose standard input is a pipe from
 * here: when the JVM ends, however it ends, the pipe closes and the shell stops the server. Not a shutdown hook, since
 * that would miss a SIGKILL, and would stop Redis while other hooks still use it.
 */
final class RedisProcess {

    /** $1 program, $2 configuration, $3 option or nothing, $4 log, then what to delete with the JVM. Says the pid first. */
    private static final String GUARD = """
            # A Ctrl-C in the terminal, or a supervisor's SIGTERM, reaches the whole process group. The server must
            # outlive the application that is then still closing, so it gets a session of its own (macOS has no setsid
            # program, but perl), and this shell stays to see the pipe close.
            trap '' INT HUP TERM
            detached() {
              if command -v setsid >/dev/null; then exec setsid "$@"
              elif command -v perl >/dev/null; then exec perl -MPOSIX=setsid -e 'setsid; exec @ARGV' "$@"
              fi
              exec "$@"
            }
            exec 3<&0
            detached "$1" "$2" $3 </dev/null >>"$4" 2>&1 3<&- &
            server=$!
            echo "$server"
            exec >/dev/null 2>&1
            (
              read -r line <&3
              trap '' USR1
              kill -CONT "$server"
              kill -TERM "$server"
              tries=100
              while kill -0 "$server" && [ $((tries -= 1)) -gt 0 ]; do sleep 0.05; done
              kill -KILL "$server"
              shift 4
              rm -rf -- "$@"
            ) &
            guard=$!
            exec 3<&-
            wait "$server"
            kill -USR1 "$guard"
            wait "$guard"
            """;

    private static final int STOP_SECONDS = 5;

    private final Process shell;
    private final ProcessHandle server;

    private RedisProcess(Process shell, ProcessHandle server) {
        this.shell = shell;
        this.server = server;
    }

    /** Starts the program, with one option or none, and returns before it is ready. */
    static RedisProcess launch(RedisBinary binary, DataFolder folder, String option) {
        Path program = binary.path();
        List<Object> command = new ArrayList<>(List.of("sh", "-c", GUARD, "oqronkit-redis"));
        command.addAll(List.of(program, folder.configuration(), option, folder.log()));
        if (folder.temporary()) {
            command.add(folder.path());
        }
        if (binary.temporary()) {
            command.add(program);
        }
        try {
            Process shell = new ProcessBuilder(
                            command.stream().map(Object::toString).toList())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
            String pid = output.readLine();
            if (pid == null) {
                throw new EmbeddedRedisException("The shell that runs " + program + " ended at once");
            }
            long id = Long.parseLong(pid);
            // A server that has died already has no handle; whoever waits for it to be ready reads why in its log.
            return new RedisProcess(shell, ProcessHandle.of(id).orElseGet(shell::toHandle));
        } catch (IOException e) {
            throw new EmbeddedRedisException("Cannot run sh to start " + program, e);
        }
    }

    long pid() {
        return server.pid();
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /** Asks the server to end, so that it writes out what it holds; kills it if it has not within 5 s. */
    void stop() {
        if (isAlive()) {
            signal("CONT");
            server.destroy();
            if (!endsInTime()) {
                kill();
            }
        }
    }

    void kill() {
        server.destroyForcibly();
        if (!endsInTime()) {
            throw new EmbeddedRedisException("Process " + pid() + " did not end after SIGKILL");
        }
    }

    /** Sends a signal, by its name without SIG. */
    void signal(String name) {
        try {
            int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " \"$1\"", "sh", Long.toString(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0 && isAlive()) {
                throw new EmbeddedRedisException("Cannot send SIG" + name + " to process " + pid());
            }
        } catch (IOException e) {
            throw new EmbeddedRedisException("Cannot run sh to send SIG" + name + " to process " + pid(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean endsInTime() {
        try {
            return shell.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static EmbeddedRedisException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new EmbeddedRedisException("Interrupted while waiting for a process of the embedded Redis", e);
    }
}
