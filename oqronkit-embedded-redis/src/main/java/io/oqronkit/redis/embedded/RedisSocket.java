package io.oqronkit.redis.embedded;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a local server one inline command over a fresh connection: enough for PING, INFO, FLUSHALL and CLUSTER. */
final class RedisSocket {

    private RedisSocket() {}

    /** The reply as text: a simple string or error with its first character, a bulk string without its length. */
    static String call(int port, String command, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(address(port), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            String line = readLine(in);
            if (!line.startsWith("$")) {
                return line;
            }
            return new String(in.readNBytes(Integer.parseInt(line.substring(1))), StandardCharsets.UTF_8);
        }
    }

    /**
     * A command that must be answered with OK.
     *
     * @param name of the command, for people
     */
    static void order(int port, String name, String command, Duration timeout) {
        String reply;
        try {
            reply = call(port, command, timeout);
        } catch (IOException e) {
            throw new EmbeddedRedisException(name + " failed on port " + port, e);
        }
        if (!reply.equals("+OK")) {
            throw new EmbeddedRedisException(name + " failed on port " + port + ": " + reply);
        }
    }

    static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("connection closed by the server");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
