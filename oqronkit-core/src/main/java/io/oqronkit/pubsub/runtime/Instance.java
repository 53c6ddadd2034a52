package io.oqronkit.pubsub.runtime;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/**
 * This process among the others.
 *
 * @param name consumer and producer name: what people recognise, and 8 hex digits new at each start
 * @param shutdownTimeout how long closing waits for handlers
 */
record Instance(String name, Duration shutdownTimeout) {

    private static final int LONGEST_LABEL = 100;

    static Instance named(String label, Duration shutdownTimeout) {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        String plain = label.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^_+", "");
        String bounded = plain.substring(0, Math.min(plain.length(), LONGEST_LABEL));
        return new Instance(bounded + "-" + HexFormat.of().formatHex(random), shutdownTimeout);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host";
        }
    }
}
