package io.oqronkit.faults.oracle;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.oracle.Sent.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The verdict on a run.
 *
 * @param figures in the order of the table
 */
public record Report(Map<String, Long> figures, List<Violation> violations) {

    private static final int MOST_LINES = 40;

    static Report of(Run run, List<Violation> violations, int duplicates) {
        Map<String, Long> figures = new LinkedHashMap<>();
        Map<Outcome, Long> outcomes = run.sent().values().stream()
                .collect(Collectors.groupingBy(Sent::outcome, TreeMap::new, Collectors.counting()));
        figures.put("messages sent", (long) run.sent().size());
        figures.put("  acknowledged", outcomes.getOrDefault(Outcome.ACKED, 0L));
        figures.put("  failed for certain", outcomes.getOrDefault(Outcome.FAILED, 0L));
        figures.put("  outcome unknown", outcomes.getOrDefault(Outcome.UNKNOWN, 0L));
        figures.put("  publisher killed before it heard", outcomes.getOrDefault(Outcome.NONE, 0L));
        figures.put("groups", (long) run.settings().groups().size());
        figures.put("handler runs", (long) run.handlings().size());
        figures.put("  completed again (duplicates)", (long) duplicates);
        figures.put(
                "dead letters (given up)",
                run.stored().deadLetters().values().stream()
                        .mapToLong(List::size)
                        .sum());
        figures.put(
                "dropped by a limit",
                run.stored().groups().values().stream()
                        .mapToLong(g -> g.dropped())
                        .sum());
        Map<Harm.Kind, Long> harms = run.harms().counts();
        figures.put("faults", harms.values().stream().mapToLong(Long::longValue).sum());
        harms.forEach((kind, count) -> figures.put("  " + kind.name().toLowerCase(Locale.ROOT), count));
        Map<String, Long> broken =
                violations.stream().collect(Collectors.groupingBy(Violation::invariant, Collectors.counting()));
        for (int i = 1; i <= 10; i++) {
            figures.put("I" + i + " violations", broken.getOrDefault("I" + i, 0L));
        }
        return new Report(figures, List.copyOf(violations));
    }

    /** Violations of one invariant. */
    public List<Violation> of(String invariant) {
        return violations.stream()
                .filter(violation -> violation.invariant().equals(invariant))
                .toList();
    }

    public long figure(String name) {
        return figures.getOrDefault(name, 0L);
    }

    /** In one line. */
    public String summary() {
        return "%d messages, %d faults, %d duplicates, %d dead letters, %d violations"
                .formatted(
                        figure("messages sent"),
                        figure("faults"),
                        figure("  completed again (duplicates)"),
                        figure("dead letters (given up)"),
                        violations.size());
    }

    /** As a table, violations below it. */
    public String table() {
        StringBuilder table = new StringBuilder();
        figures.forEach((name, value) -> table.append("%-40s %,12d%n".formatted(name, value)));
        violations.stream().limit(MOST_LINES).forEach(violation -> table.append(violation)
                .append('\n'));
        return table.toString();
    }
}
