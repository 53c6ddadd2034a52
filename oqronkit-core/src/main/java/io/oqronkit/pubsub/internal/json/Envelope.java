package io.oqronkit.pubsub.internal.json;

import io.oqronkit.pubsub.OutgoingMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the library itself writes beside a message: headers whose names begin with {@code oqron-}, which users can
 * neither set nor see.
 */
public final class Envelope {

    private static final String RESERVED = "oqron-";
    private static final String TIME_TO_LIVE_MS = "oqron-ttl-ms";

    private Envelope() {}

    /** The user's headers and ours. */
    public static Map<String, String> headers(OutgoingMessage<?> message) {
        Duration timeToLive = message.timeToLive();
        if (timeToLive == null) {
            return message.headers();
        }
        Map<String, String> all = new LinkedHashMap<>(message.headers());
        all.put(TIME_TO_LIVE_MS, Long.toString(timeToLive.toMillis()));
        return all;
    }

    /** Without ours. */
    public static Map<String, String> users(Map<String, String> headers) {
        if (headers.isEmpty() || headers.keySet().stream().noneMatch(name -> name.startsWith(RESERVED))) {
            return headers;
        }
        Map<String, String> users = new LinkedHashMap<>(headers);
        users.keySet().removeIf(name -> name.startsWith(RESERVED));
        return java.util.Collections.unmodifiableMap(users);
    }

    /** True if the message was stored longer ago than its time to live. */
    public static boolean isExpired(Map<String, String> headers, long storedMs, Instant now) {
        String timeToLive = headers.get(TIME_TO_LIVE_MS);
        try {
            return timeToLive != null && storedMs + Long.parseLong(timeToLive) <= now.toEpochMilli();
        } catch (NumberFormatException foreign) {
            return false;
        }
    }
}
