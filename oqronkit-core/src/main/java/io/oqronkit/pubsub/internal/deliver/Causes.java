package io.oqronkit.pubsub.internal.deliver;

import java.util.regex.Pattern;

/**
 * Why a message failed, as it is kept with a dead letter and logged: class and message, no stack trace, one line of at most
 * 1,000 characters. Its text may come from a message, which must not be able to write log lines of its own.
 */
final class Causes {

    private static final int LONGEST = 1_000;
    private static final Pattern LINE_BREAKERS = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    private Causes() {}

    static String of(Throwable failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getName();
        return shortened(message == null ? name : name + ": " + message);
    }

    static String shortened(String text) {
        String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        return LINE_BREAKERS.matcher(start).replaceAll(" ");
    }
}
