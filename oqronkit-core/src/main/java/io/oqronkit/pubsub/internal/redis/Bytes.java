package io.oqronkit.pubsub.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Text and numbers in the form Redis takes and gives them. */
final class Bytes {

    private Bytes() {}

    static byte[] of(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] of(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty text where there is no limit, as scripts take it. */
    static byte[] ofLimit(OptionalLong limit) {
        return limit.isPresent() ? of(limit.getAsLong()) : new byte[0];
    }

    static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }

    static long number(Object reply) {
        return reply instanceof Long number ? number : Long.parseLong(text(reply));
    }
}
