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

    /** How far above its port a node of a cluster listens for the other nodes, unless told otherwise (Redis 7.0). */
    private static final int BUS = 10_000;

    private Ports() {}

    /** @param cluster whether the bus port that belongs to it must be free, too */
    static int free(boolean cluster) {
        int end = cluster ? END - BUS : END;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, end);
            if (isFree(port) && (!cluster || isFree(port + BUS))) {
                return port;
            }
        }
        throw new EmbeddedRedisException("No free port found from " + FIRST + " to " + (end - 1));
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
