package io.oqronkit.faults.oracle;

import io.oqronkit.faults.work.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a handler, as its process wrote it down.
 *
 * @param token fencing token, 0 in a competing group
 * @param end {@link Long#MAX_VALUE} if it never came back
 * @param outcome {@code ok}, {@code threw}, {@code lost} (came back too late), or empty
 */
public record Handling(
        String process,
        String group,
        String id,
        String task,
        String key,
        int attempt,
        long token,
        String hash,
        long start,
        long end,
        String outcome) {

    /** The handler did its work, whether or not it was still its turn. */
    public boolean completed() {
        return outcome.equals("ok") || outcome.equals("lost");
    }

    public boolean ended() {
        return end != Long.MAX_VALUE;
    }

    /** What groups the runs of one message in one group. */
    String place() {
        return group + " " + id;
    }

    int partition() {
        return Integer.parseInt(id.substring(0, id.indexOf(':')));
    }

    public long offset() {
        return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
    }

    /** Of all processes, by start. */
    public static List<Handling> read(Map<String, Path> ledgers) {
        List<Handling> all = new ArrayList<>();
        ledgers.forEach((process, ledger) -> all.addAll(read(process, ledger)));
        all.sort(Comparator.comparingLong(Handling::start));
        return all;
    }

    private static List<Handling> read(String process, Path ledger) {
        Map<String, Handling> byNumber = new HashMap<>();
        for (Ledger.Line line : Ledger.read(ledger)) {
            if (line.kind().equals("start")) {
                byNumber.put(line.field(0), started(process, line));
            } else if (line.kind().equals("end")) {
                byNumber.computeIfPresent(line.field(0), (n, started) -> started.ended(line.at(), line.field(1)));
            }
        }
        return List.copyOf(byNumber.values());
    }

    private static Handling started(String process, Ledger.Line line) {
        return new Handling(
                process,
                line.field(1),
                line.field(2),
                line.field(3),
                line.field(4),
                Integer.parseInt(line.field(5)),
                Long.parseLong(line.field(6)),
                line.field(7),
                line.at(),
                Long.MAX_VALUE,
                "");
    }

    private Handling ended(long at, String how) {
        return new Handling(process, group, id, task, key, attempt, token, hash, start, at, how);
    }
}
