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

    /** Checked where messages are published, and again before they are decoded: not every publisher need be ours. */
    public static final int MAX_PAYLOAD_BYTES = 1024 * 1024;

    private static final String RESERVED = "oqron-";
    private static final String TIME_TO_LIVE_MS = "oqron-ttl-ms";
    /** Before the names of what is carried, so that none of them can be taken for another header of ours. */
    private static final String CARRIED = "oqron-trace-";

    private static final int MAX_CARRIED_CHARS = 8 * 1024;

    private Envelope() {}

    /** The user's headers and ours; what is carried must not make a message large: beyond 8 KiB none of it is. */
    public static Map<String, String> headers(OutgoingMessage<?> message, Map<String, String> carried) {
        Duration timeToLive = message.timeToLive();
        if (timeToLive == null && carried.isEmpty()) {
            return message.headers();
        }
        Map<String, String> all = new LinkedHashMap<>(message.headers());
        if (timeToLive != null) {
            all.put(TIME_TO_LIVE_MS, Long.toString(timeToLive.toMillis()));
        }
        if (chars(carried) <= MAX_CARRIED_CHARS) {
            carried.forEach((name, value) -> all.put(CARRIED + name, value));
        }
        return all;
    }

    private static int chars(Map<String, String> headers) {
        return headers.entrySet().stream()
                .mapToInt(header -> header.getKey().length() + header.getValue().length())
                .sum();
    }

    /** What was carried beside the message, under its own names. */
    public static Map<String, String> carried(Map<String, String> headers) {
        Map<String, String> carried = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            if (name.startsWith(CARRIED)) {
                carried.put(name.substring(CARRIED.length()), value);
            }
        });
        return carried;
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
