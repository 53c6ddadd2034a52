package io.oqronkit.pubsub.internal.redis;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A command that did not succeed, sorted by what is known and what helps. */
public final class RedisFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is known of a failed command. */
    public enum Kind {
        /** Certainly not executed; trying again later may succeed. */
        NOT_EXECUTED,
        /** Certainly not executed: a limit the user set is reached. Later, or with fewer messages, it may succeed. */
        FULL,
        /** No answer: executed or not. */
        UNKNOWN,
        /** The consumer group, or the stream under it, is not there. */
        NO_GROUP,
        /** Refused, and will be refused again: permission, wrong type, a defect. A person must act. */
        REFUSED
    }

    private static final String[] LATER = {
        "OOM ",
        "NOREPLICAS",
        "READONLY",
        "TRYAGAIN",
        "CLUSTERDOWN",
        "MASTERDOWN",
        "LOADING",
        "BUSY ",
        "NOSCRIPT",
        "Currently not connected",
        "Commands are rejected",
        "MOVED ",
        "ASK ",
        "Cannot determine a partition",
        "not known in the cluster view",
        "Unable to connect to",
        "OQRON out of turn"
    };
    private static final String[] SOON_OVER = {"TRYAGAIN", "MOVED ", "ASK ", "Commands are rejected"};
    private static final String FULL = "OQRON full";
    private static final String NOT_PERMITTED = "NOPERM ";

    /** As Redis 6.2 says it, and Valkey. */
    private static final String[] NOT_PERMITTED_IN_SCRIPT = {
        "The user executing the script can't", "ACL failure in script"
    };

    private static final String[] NO_GROUP = {"NOGROUP", "UNBLOCKED"};

    private final Kind kind;

    private RedisFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static RedisFailure notConnected(@Nullable Throwable cause) {
        return new RedisFailure(Kind.NOT_EXECUTED, "not connected to Redis", cause);
    }

    static RedisFailure timedOut(String what) {
        return new RedisFailure(Kind.UNKNOWN, "no answer from Redis within " + what, null);
    }

    /** Its time was over before its turn came, or before the answer did. */
    public static RedisFailure late() {
        return new RedisFailure(Kind.UNKNOWN, "no answer from Redis in time", null);
    }

    /** Stored, but not as it should be: an answer that says so is as good as none. */
    static RedisFailure unconfirmed(String what) {
        return new RedisFailure(Kind.UNKNOWN, what, null);
    }

    /** @param commands what the user may not run */
    static RedisFailure notPermitted(List<String> commands, @Nullable RedisFailure cause) {
        return new RedisFailure(
                Kind.REFUSED, NOT_PERMITTED + "Redis does not let this user run " + String.join(", ", commands), cause);
    }

    /** Sorts what Lettuce reports. Tokens are sought anywhere in the text: Redis 6.2 wraps errors of scripts (R#35). */
    public static RedisFailure of(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof RedisFailure known) {
            return known;
        }
        String text = named(String.valueOf(cause.getMessage()));
        return new RedisFailure(kindOf(cause, text), text, cause);
    }

    /** In scripts some servers leave out the word by which people look for it. */
    private static String named(String text) {
        return !text.contains(NOT_PERMITTED) && contains(text, NOT_PERMITTED_IN_SCRIPT) ? NOT_PERMITTED + text : text;
    }

    private static Kind kindOf(Throwable cause, String text) {
        if (contains(text, NO_GROUP)) {
            return Kind.NO_GROUP;
        }
        if (text.contains(FULL)) {
            return Kind.FULL;
        }
        if (contains(text, LATER)) {
            return Kind.NOT_EXECUTED;
        }
        return cause instanceof io.lettuce.core.RedisCommandExecutionException ? Kind.REFUSED : Kind.UNKNOWN;
    }

    private static boolean contains(String text, String[] tokens) {
        for (String token : tokens) {
            if (text.contains(token)) {
                return true;
            }
        }
        return false;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the server is a replica, as after a failover. */
    boolean isReadOnly() {
        return String.valueOf(getMessage()).contains("READONLY");
    }

    /** Whether the user may not run a command or use a key: others may. */
    public boolean isNotPermitted() {
        return String.valueOf(getMessage()).contains(NOT_PERMITTED);
    }

    /** Whether it is over in moments, as a rule: a slot of a cluster moves, or the connection to its new node is being made. */
    public boolean isSoonOver() {
        return contains(String.valueOf(getMessage()), SOON_OVER);
    }

    /** Names the node of a cluster that it is about. */
    RedisFailure at(String node) {
        return new RedisFailure(kind, node + ": " + getMessage(), this);
    }
}
