package io.oqronkit.faults.oracle;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.pubsub.ConsumerMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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

    /** Does nothing for a competing group, which has no order. */
    static void check(Run run, List<Violation> violations) {
        ConsumerMode mode = run.settings().mode();
        if (mode != ConsumerMode.COMPETING) {
            new OrderChecks(run, violations, mode == ConsumerMode.EXCLUSIVE ? OrderChecks::partition : Handling::key)
                    .nothingOvertakes();
            new OrderChecks(run, violations, OrderChecks::partition).tokensRise();
        }
    }

    private static String partition(Handling handling) {
        return "partition " + handling.id().split(":")[0];
    }

    /**
     * First starts follow offsets; each comes after everything before it has had its last run. Excused: what was pending
     * when the group was destroyed; it is delivered again in order, but what came behind it may have begun by then.
     */
    private void nothingOvertakes() {
        lanes.forEach((lane, handlings) -> {
            Map<Long, List<Handling>> byOffset = new TreeMap<>(Comparator.naturalOrder());
            handlings.forEach(h ->
                    byOffset.computeIfAbsent(h.offset(), o -> new ArrayList<>()).add(h));
            List<Handling> previous = List.of();
            for (List<Handling> runs : byOffset.values()) {
                if (!previous.isEmpty() && overtakes(runs.get(0), previous)) {
                    violate(lane, runs.get(0), decisive(previous));
                }
                previous = runs;
            }
        });
    }

    private boolean overtakes(Handling first, List<Handling> previous) {
        Handling before = decisive(previous);
        if (run.harms().groupWasRemade(previous.get(0).start(), first.start())) {
            return false;
        }
        return first.start() < before.start()
                || (first.start() < run.over(before)
                        && !run.harms().explains(before.process(), before.start(), first.start()));
    }

    /**
     * Another owner has a higher token, and nobody starts anything under an old one; but each worker may once, out of a freeze.
     */
    private void tokensRise() {
        lanes.forEach((lane, handlings) -> {
            Handling last = handlings.get(0);
            Map<Harm, Integer> late = new HashMap<>();
            for (Handling next : handlings) {
                if (next.token() < last.token() && mayBeLate(next, late)) {
                    continue;
                }
                boolean sameOwner = next.process().equals(last.process());
                if (next.token() < last.token() || (!sameOwner && next.token() == last.token())) {
                    violations.add(new Violation(
                            "I2",
                            "%s: %s starts in %s with token %d after %s in %s with token %d"
                                    .formatted(
                                            lane,
                                            next.id(),
                                            next.process(),
                                            next.token(),
                                            last.id(),
                                            last.process(),
                                            last.token())));
                }
                last = next;
            }
        });
    }

    private boolean mayBeLate(Handling handling, Map<Harm, Integer> late) {
        return run.harms()
                .freezeJustOver(handling.process(), handling.start())
                .filter(freeze ->
                        late.merge(freeze, 1, Integer::sum) <= run.settings().concurrency())
                .isPresent();
    }

    /** The run that settled a message: its first completion or last attempt. Others follow if its group was made again. */
    private Handling decisive(List<Handling> runs) {
        return runs.stream()
                .filter(h -> h.completed() || h.attempt() == run.settings().maxAttempts())
                .findFirst()
                .orElse(runs.get(runs.size() - 1));
    }

    private void violate(String lane, Handling early, Handling before) {
        violations.add(new Violation(
                "I2",
                "%s: %s starts in %s before %s is done in %s"
                        .formatted(lane, early.id(), early.process(), before.id(), before.process())));
    }
}
