package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.MessageFailureClassifier;
import io.oqronkit.pubsub.internal.observe.Events;
import io.oqronkit.pubsub.internal.observe.Watch;
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
 * @param handlerThreads what its handlers run on
 * @param events whom it tells what happens
 * @param classifier which failures it tries again
 * @param watch what measures and traces it
 */
record Instance(
        String name,
        Duration shutdownTimeout,
        HandlerThreads handlerThreads,
        Events events,
        MessageFailureClassifier classifier,
        Watch watch) {

    private static final int LONGEST_LABEL = 100;

    /** What people recognise, and what no other process has. */
    static String uniqueName(String label) {
        String plain = label.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^_+", "");
        return plain.substring(0, Math.min(plain.length(), LONGEST_LABEL)) + "-" + randomHex();
    }

    /** 8 hex digits. */
    static String randomHex() {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host";
        }
    }
}
