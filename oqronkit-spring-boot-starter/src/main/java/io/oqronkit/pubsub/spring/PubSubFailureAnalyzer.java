package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSubException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What the library refused at start: a Redis that does not answer or does not suit, a topic that is stored otherwise. */
final class PubSubFailureAnalyzer extends AbstractFailureAnalyzer<PubSubException> {

    /** What helps against what a message says. */
    private record Fix(Pattern message, String action) {
        static Fix of(String message, String action) {
            return new Fix(Pattern.compile(message), action);
        }
    }

    private static final List<Fix> FIXES = List.of(
            Fix.of(
                    "partitions and cannot be opened",
                    "Set 'oqronkit.pubsub.topics.<topic>.partitions' to the stored number or a higher one, or leave it out."),
            Fix.of(
                    "this version reads format",
                    "Use the version of the library that stored it, or keep apart from it with another"
                            + " 'oqronkit.pubsub.key-prefix'."),
            Fix.of(
                    "is used in mode",
                    "Set 'oqronkit.pubsub.topics.<topic>.groups.<group>.mode' to the mode in use, or stop the processes"
                            + " that use it first."),
            Fix.of(
                    "maxmemory-policy",
                    "Set the server's maxmemory-policy to noeviction,"
                            + " or accept the loss with 'oqronkit.pubsub.allow-eviction=true'."),
            Fix.of("6\\.2 or newer|unknown command .?HELLO|NOPROTO", "Use Redis 6.2 or newer, or Valkey."),
            Fix.of(
                    "NOAUTH|WRONGPASS|invalid password|no password",
                    "Set 'spring.data.redis.username' and 'spring.data.redis.password' to those of a user the server has."),
            Fix.of(
                    "NOPERM|No permissions",
                    "Give the user in 'spring.data.redis.username' the command that is named, and all keys that start with"
                            + " 'oqronkit.pubsub.key-prefix'. docs/guide/security.md has the whole list."),
            Fix.of(
                    "TLS handshake|not an SSL/TLS record",
                    "Let 'spring.data.redis.ssl.bundle' trust the authority of the server's certificate, which must name"
                            + " the host the application connects to; use TLS on both sides or on none."),
            Fix.of(
                    "WRONGTYPE",
                    "Another program has keys of these names: set 'oqronkit.pubsub.key-prefix' to one that nobody else"
                            + " uses."));

    private static final String CHECK_REDIS =
            "Check that Redis runs and that 'spring.data.redis.*' names its address and credentials.";

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PubSubException cause) {
        String message = String.valueOf(cause.getMessage());
        return new FailureAnalysis("PubSub cannot start: " + message + ".", action(message), cause);
    }

    private static String action(String message) {
        return FIXES.stream()
                .filter(fix -> fix.message().matcher(message).find())
                .findFirst()
                .map(Fix::action)
                .orElse(CHECK_REDIS);
    }
}
