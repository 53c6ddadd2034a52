package io.oqronkit.faults.harm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy before Redis that passes, stalls, delays, cuts, or swallows replies: the command is executed and its
 * answer never comes. Two threads for each connection. Safe for concurrent use.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final ServerSocket server;
    private final int redisPort;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger swallowed = new AtomicInteger();
    private volatile boolean stalled;
    private volatile boolean down;
    private volatile int delayMs;
    private volatile @Nullable String swallowReplyTo;

    public FaultProxy(int redisPort) {
        this.redisPort = redisPort;
        try {
            this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    public String uri() {
        return "redis://127.0.0.1:" + server.getLocalPort();
    }

    /** Connections made so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Replies swallowed so far. */
    public int swallowed() {
        return swallowed.get();
    }

    /** Closes all connections; new ones are welcome. */
    public void cut() {
        links.forEach(Link::close);
    }

    /** Closes all connections and every new one, or no longer. */
    public void down(boolean down) {
        this.down = down;
        if (down) {
            cut();
        }
    }

    /** Holds every byte in both directions, or lets them go. */
    public void stall(boolean stalled) {
        this.stalled = stalled;
    }

    /** Holds every piece of data this long, in both directions. */
    public void delay(int ms) {
        this.delayMs = ms;
    }

    /**
     * Swallows the reply to the next command that contains this text, and everything behind it on that connection, which
     * is cut a moment later: bytes cannot be taken out of a stream unnoticed.
     */
    public void swallowReplyTo(String text) {
        this.swallowReplyTo = text;
    }

    /** No longer waits for it. */
    public void swallowNothing() {
        this.swallowReplyTo = null;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                accepted.incrementAndGet();
                if (down) {
                    client.close();
                } else {
                    open(client);
                }
            } catch (IOException closedOrRefused) {
                // the loop's condition decides
            }
        }
    }

    private void open(Socket client) throws IOException {
        Socket redis;
        try {
            redis = new Socket(InetAddress.getLoopbackAddress(), redisPort);
        } catch (IOException e) {
            client.close();
            throw e;
        }
        Link link = new Link(client, redis);
        links.add(link);
        start("to-redis", link::passCommands);
        start("to-client", link::passReplies);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "fault-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void hold() {
        if (delayMs > 0) {
            LockSupport.parkNanos(delayMs * 1_000_000L);
        }
        while (stalled && !server.isClosed()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private final class Link {

        private final Socket client;
        private final Socket redis;
        private volatile boolean mute;

        Link(Socket client, Socket redis) {
            this.client = client;
            this.redis = redis;
        }

        void passCommands() {
            pass(client, redis, true);
        }

        void passReplies() {
            pass(redis, client, false);
        }

        private void pass(Socket from, Socket to, boolean commands) {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    hold();
                    if (commands) {
                        muteIfWanted(buffer, length);
                    } else if (mute) {
                        swallowed.incrementAndGet();
                        LockSupport.parkNanos(50_000_000);
                        break;
                    }
                    out.write(buffer, 0, length);
                }
            } catch (IOException gone) {
                // the other side hears of it below
            } finally {
                close();
            }
        }

        private void muteIfWanted(byte[] buffer, int length) {
            String wanted = swallowReplyTo;
            if (wanted != null && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(wanted)) {
                mute = true;
                swallowReplyTo = null;
            }
        }

        void close() {
            links.remove(this);
            closeQuietly(client);
            closeQuietly(redis);
        }

        private void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // closed is closed
            }
        }
    }
}
