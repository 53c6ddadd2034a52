package io.oqronkit.redis.embedded;

import java.io.IOException;
import java.time.Duration;

/** Waits until a server that was just launched answers PING, and it is that server and no other one on the port. */
final class Readiness {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final long PAUSE_MS = 10;

    private Readiness() {}

    /** The deadline is 10 s without any answer: a server that says it is loading its data is waited for. */
    static void await(RedisProcess process, int port) {
        long last = System.nanoTime();
        while (true) {
            if (!process.isAlive()) {
                throw new EmbeddedRedisException("The server process ended before it answered on port " + port);
            }
            String answer = ask(port, "PING");
            if (answer.equals("+PONG") && isThisOne(process, port)) {
                return;
            }
            if (answer.startsWith("-LOADING")) {
                last = System.nanoTime();
            } else if (System.nanoTime() - last > DEADLINE.toNanos()) {
                throw new EmbeddedRedisException("No PONG on port " + port + " within " + DEADLINE.toSeconds()
                        + " s; last answer: " + (answer.isEmpty() ? "none" : answer));
            }
            pause();
        }
    }

    private static boolean isThisOne(RedisProcess process, int port) {
        return ask(port, "INFO server").contains("process_id:" + process.pid() + "\r\n");
    }

    private static String ask(int port, String command) {
        try {
            return RedisSocket.call(port, command, ANSWER);
        } catch (IOException notYet) {
            return "";
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedRedisException("Interrupted while waiting for the embedded Redis to start", e);
        }
    }
}
