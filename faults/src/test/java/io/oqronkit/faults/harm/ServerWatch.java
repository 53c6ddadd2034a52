package io.oqronkit.faults.harm;

import io.oqronkit.faults.work.Ledger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes when a server answered nobody for long, a slow disk being the usual cause: it asks the simplest question, straight
 * and again and again. Safe for concurrent use.
 */
public final class ServerWatch implements AutoCloseable {

    /** The name of connections that are not the library's. */
    public static final String ADMINISTRATOR = "administrator";

    private static final String PING = "PING";
    private static final Duration BETWEEN = Duration.ofMillis(50);
    /** As for starved processes: twice that and a deadline of 2 s may pass unkept. */
    private static final long LATE_MICROS = 500_000;

    private final int port;
    private final Queue<Harm> stalls = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    private ServerWatch(int port) {
        this.port = port;
    }

    /** On a thread of its own, until closed. */
    public static ServerWatch start(int port) {
        ServerWatch watch = new ServerWatch(port);
        Thread thread = new Thread(watch::run, "server-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        while (!closed) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                ask(socket, "CLIENT SETNAME " + ADMINISTRATOR);
                while (!closed) {
                    ask(socket, PING);
                    LockSupport.parkNanos(BETWEEN.toNanos());
                }
            } catch (IOException serverIsAway) {
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
        }
    }

    private void ask(Socket socket, String command) throws IOException {
        long asked = Ledger.now();
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        int read;
        do {
            read = socket.getInputStream().read();
        } while (read >= 0 && read != '\n');
        long answered = Ledger.now();
        if (read >= 0 && answered - asked > LATE_MICROS) {
            stalls.add(new Harm(Harm.Kind.STARVED, Harm.ALL, asked, answered));
        }
    }

    /** Also those that a test brought about. */
    public List<Harm> stalls() {
        return List.copyOf(stalls);
    }

    @Override
    public void close() {
        closed = true;
    }
}
