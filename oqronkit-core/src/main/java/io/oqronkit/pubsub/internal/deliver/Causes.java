package io.oqronkit.pubsub.internal.deliver;

/** Why a message failed, as it is kept with a dead letter: class and message, no stack trace, at most 1,000 characters. */
final class Causes {

    private static final int LONGEST = 1_000;

    private Causes() {}

    static String of(Throwable failure) {
        String message = failure.getMessage();
        String name = failure.getClass().getName();
        return shortened(message == null ? name : name + ": " + message);
    }

    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
