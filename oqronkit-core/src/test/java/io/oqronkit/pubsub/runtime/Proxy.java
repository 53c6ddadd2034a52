package io.oqronkit.pubsub.runtime;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and Redis, to cut connections and to keep back what Redis answers. A connection goes by its
 * number, in the order of opening; a {@code PubSub} opens first the one for commands, then the one for control, then one
 * for each reader.
 */
final class Proxy implements AutoCloseable {

    static final int COMMANDS = 0;
    static final int FIRST_READER = 2;

    private final ServerSocket server;
    private final int redisPort;
    private final String uri;
    private final List<Line> lines = new CopyOnWriteArrayList<>();

    private Proxy(ServerSocket server, EmbeddedRedis redis) {
        this.server = server;
        this.redisPort = redis.port();
        this.uri = GuideUsers.app(redis).replace(":" + redisPort, ":" + server.getLocalPort());
    }

    static Proxy before(EmbeddedRedis redis) throws IOException {
        Proxy proxy = new Proxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), redis);
        thread("proxy-accept", proxy::accept);
        return proxy;
    }

    /** Of the user {@code app}. */
    String uri() {
        return uri;
    }

    /** What Redis answers there from now on is lost. */
    void swallowAnswers(int number) {
        lines.get(number).swallowing = true;
    }

    void cut(int number) {
        lines.get(number).close();
    }

    void cutAll() {
        lines.forEach(Line::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Line line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), redisPort));
                lines.add(line);
                thread("proxy-ask", () -> line.pump(client, line.redis, false));
                thread("proxy-answer", () -> line.pump(line.redis, client, true));
            }
        } catch (IOException closed) {
            // the end
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static final class Line {

        private final Socket client;
        private final Socket redis;
        private volatile boolean swallowing;

        Line(Socket client, Socket redis) {
            this.client = client;
            this.redis = redis;
        }

        void pump(Socket from, Socket to, boolean answers) {
            byte[] buffer = new byte[65_536];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                    if (!answers || !swallowing) {
                        out.write(buffer, 0, read);
                    }
                }
            } catch (IOException cut) {
                // so it ends
            }
            close();
        }

        void close() {
            try {
                client.close();
                redis.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
