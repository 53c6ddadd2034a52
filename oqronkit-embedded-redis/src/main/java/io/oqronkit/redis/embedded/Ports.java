package io.oqronkit.redis.embedded;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Picks a port that nothing listens on. */
final class Ports {

    /**
     * Below the range from which operating systems take the ports of outgoing connections. A client that reconnects in
     * a loop to a killed server on a port of that range sooner or later connects to itself, and then holds the port.
     */
    private static final int FIRST = 15_000;

    private static final int END = 32_000;
    private static final int ATTEMPTS = 100;

    private Ports() {}

    static int free() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new EmbeddedRedisException("No free port found from " + FIRST + " to " + (END - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(RedisSocket.address(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
