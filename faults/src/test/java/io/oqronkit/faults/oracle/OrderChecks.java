package io.oqronkit.faults.oracle;

import io.oqronkit.faults.work.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** I2: in ordered modes, per key or per partition. */
final class OrderChecks {

    private final Run run;
    private final List<Violation> violations;
    private final Map<String, List<Handling>> lanes = new TreeMap<>();

    private OrderChecks(Run run, List<Violation> violations, Function<Handling, String> lane) {
        this.run = run;
        this.violations = violations;
        run.handlings().forEach(h -> lanes.computeIfAbsent(h.group() + " " + lane.apply(h), l -> new ArrayList<>())
                .add(h));
    }

    static OrderChecks of(Run run, List<Violation> violations) {
        Settings settings = run.settings();
        return switch (settings.text("mode", "COMPETING")) {
            case "KEY_ORDERED" -> new OrderChecks(run, violations, Handling::key);
            case "EXCLUSIVE" ->
                new OrderChecks(run, violations, h -> "partition " + h.id().split(":")[0]);
            default ->
                new OrderChecks(
                        new Run(settings, run.sent(), List.of(), run.stored(), run.harms(), 0),
                        violations,
                        Handling::key);
        };
    }

    /** First starts follow offsets; each comes after everything before it has had its last run. */
    void nothingOvertakes() {
        lanes.forEach((lane, handlings) -> {
            Map<Long, List<Handling>> byOffset = new TreeMap<>(Comparator.naturalOrder());
            handlings.forEach(h ->
                    byOffset.computeIfAbsent(h.offset(), o -> new ArrayList<>()).add(h));
            Handling before = null;
            for (List<Handling> runs : byOffset.values()) {
                Handling first = runs.get(0);
                if (before != null && first.start() < before.start()) {
                    violate(lane, first, before);
                } else if (before != null
                        && first.start() < run.over(before)
                        && !run.harms().explains(before.process(), before.start(), first.start())) {
                    violate(lane, first, before);
                }
                before = decisive(runs);
            }
        });
    }

    /** The run that settled a message: its first completion, else its last attempt. */
    private static Handling decisive(List<Handling> runs) {
        return runs.stream().filter(Handling::completed).findFirst().orElse(runs.get(runs.size() - 1));
    }

    private void violate(String lane, Handling early, Handling before) {
        violations.add(new Violation(
                "I2",
                "%s: %s starts in %s before %s is done in %s"
                        .formatted(lane, early.id(), early.process(), before.id(), before.process())));
    }
}
