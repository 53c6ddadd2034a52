package io.oqronkit.faults.oracle;

import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Task;
import io.oqronkit.faults.work.Task.Action;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message as its publisher saw it.
 *
 * @param at µs since 1970, before the call
 * @param hash of the payload's bytes
 * @param outcome what the library said; {@link Outcome#NONE} if the publisher died before it heard
 * @param id the message id of one that is acknowledged, else empty
 */
public record Sent(
        long at, String task, String key, String hash, Action action, int amount, Outcome outcome, String id) {

    /** What the publish call ended with. */
    public enum Outcome {
        NONE,
        ACKED,
        FAILED,
        UNKNOWN
    }

    /** Whether it must end among the dead letters of a group with this many attempts. */
    boolean mustDie(int maxAttempts) {
        return new Task(task, action, amount, "").mustDie(maxAttempts);
    }

    /** By task. */
    public static Map<String, Sent> read(Collection<Path> ledgers) {
        Map<String, Sent> sent = new LinkedHashMap<>();
        ledgers.forEach(ledger -> Ledger.read(ledger).forEach(line -> note(line, sent)));
        return sent;
    }

    private static void note(Ledger.Line line, Map<String, Sent> sent) {
        switch (line.kind()) {
            case "intent" ->
                sent.put(
                        line.field(0),
                        new Sent(
                                line.at(),
                                line.field(0),
                                line.field(1),
                                line.field(2),
                                Action.valueOf(line.field(3)),
                                Integer.parseInt(line.field(4)),
                                Outcome.NONE,
                                ""));
            case "acked" -> sent.computeIfPresent(line.field(0), (t, s) -> s.ended(Outcome.ACKED, line.field(1)));
            case "failed" -> sent.computeIfPresent(line.field(0), (t, s) -> s.ended(Outcome.FAILED, ""));
            case "unknown" -> sent.computeIfPresent(line.field(0), (t, s) -> s.ended(Outcome.UNKNOWN, ""));
            default -> {
                // not about a message
            }
        }
    }

    private Sent ended(Outcome how, String id) {
        return new Sent(at, task, key, hash, action, amount, how, id);
    }
}
