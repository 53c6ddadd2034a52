package io.oqronkit.faults.oracle;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.work.Task;
import io.oqronkit.faults.work.Task.Action;
import io.oqronkit.pubsub.DeadLetter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the ledgers of the consumers must say: I1, I3, I5, I9. */
final class HandlingChecks {

    private static final int MOST_NAMED = 10;

    private final Run run;
    private final List<Violation> violations;
    private final Map<String, List<Handling>> byPlace;

    HandlingChecks(Run run, List<Violation> violations) {
        this.run = run;
        this.violations = violations;
        this.byPlace = run.byPlace();
    }

    void everyAcknowledgedMessageIsAccountedFor() {
        for (String group : run.settings().groups()) {
            Set<String> settled = run.handlings().stream()
                    .filter(handling -> handling.group().equals(group) && handling.completed())
                    .map(Handling::id)
                    .collect(Collectors.toCollection(HashSet::new));
            run.stored().deadLetters().getOrDefault(group, List.of()).stream()
                    .map(letter -> letter.id().toString())
                    .forEach(settled::add);
            List<String> missing = run.acked().stream()
                    .map(Sent::id)
                    .filter(id -> !settled.contains(id))
                    .toList();
            long dropped = run.stored().groups().containsKey(group)
                    ? run.stored().groups().get(group).dropped()
                    : 0;
            boolean mayDrop = run.settings().text("unfinished", "KEEP").equals("DROP");
            if (missing.size() != dropped || (dropped > 0 && !mayDrop)) {
                violate(
                        "I1",
                        "group %s lost %d messages and counts %d as dropped: %s"
                                .formatted(group, missing.size(), dropped, some(missing)));
            }
        }
    }

    void nothingOverlapsUnexplained() {
        byPlace.forEach((place, handlings) -> {
            for (int i = 0; i + 1 < handlings.size(); i++) {
                Handling first = handlings.get(i);
                Handling second = handlings.get(i + 1);
                if (second.start() < run.over(first)
                        && !run.harms().explains(first.process(), first.start(), second.start())
                        && !isLate(second)) {
                    violate(
                            "I3",
                            "%s runs in %s (attempt %d) while it runs in %s (attempt %d)"
                                    .formatted(
                                            place,
                                            second.process(),
                                            second.attempt(),
                                            first.process(),
                                            first.attempt()));
                }
            }
        });
    }

    void poisonIsTriedAsOftenAsItShould() {
        int maxAttempts = run.settings().maxAttempts();
        boolean calm = run.harms().all().stream().noneMatch(harm -> harm.kind().causesRedelivery());
        byPlace.forEach((place, handlings) -> {
            Sent sent = run.sent().get(handlings.get(0).task());
            if (sent == null || sent.action() != Action.POISON) {
                return;
            }
            long most = maxAttempts + (calm ? 0 : extraAttempts(handlings, maxAttempts));
            if (handlings.size() > most || (calm && handlings.size() < maxAttempts)) {
                violate("I5", "%s was tried %d times instead of %d".formatted(place, handlings.size(), maxAttempts));
            }
        });
        run.stored().deadLetters().forEach((group, letters) -> {
            List<String> innocent = letters.stream()
                    .filter(letter -> isInnocent(letter, maxAttempts))
                    .map(letter -> letter.id() + " (" + letter.cause() + ")")
                    .toList();
            if (!innocent.isEmpty()) {
                violate("I5", "group %s gave up %d innocent: %s".formatted(group, innocent.size(), some(innocent)));
            }
        });
    }

    private boolean isInnocent(DeadLetter letter, int maxAttempts) {
        Sent sent = run.sent().get(Task.parse(letter.payload()).id());
        return sent != null && !sent.mustDie(maxAttempts);
    }

    /** A crash may repeat an attempt; a group that is made again begins to count anew. */
    private long extraAttempts(List<Handling> handlings, int maxAttempts) {
        long from = handlings.get(0).start();
        long to = handlings.get(handlings.size() - 1).start();
        return run.harms().all().stream()
                .filter(harm -> harm.kind().causesRedelivery())
                .filter(harm -> handlings.stream().anyMatch(h -> harm.explains(h.process(), from, to)))
                .mapToLong(harm -> harm.kind() == Harm.Kind.DESTROY_GROUP ? maxAttempts : 1)
                .sum();
    }

    /** How many there were. */
    int everyDuplicateIsExplained() {
        int duplicates = 0;
        for (Map.Entry<String, List<Handling>> entry : byPlace.entrySet()) {
            List<Handling> completed =
                    entry.getValue().stream().filter(Handling::completed).toList();
            duplicates += Math.max(0, completed.size() - 1);
            for (int i = 0; i + 1 < completed.size(); i++) {
                Handling first = completed.get(i);
                Handling again = completed.get(i + 1);
                if (!run.harms().explains(first.process(), first.start(), first.end()) && !isLate(again)) {
                    violate(
                            "I9",
                            "%s was completed in %s and again in %s without a fault near"
                                    .formatted(entry.getKey(), first.process(), again.process()));
                }
            }
        }
        return duplicates;
    }

    /** It was taken up before the process froze. */
    private boolean isLate(Handling handling) {
        return run.harms().freezeJustOver(handling.process(), handling.start()).isPresent();
    }

    private void violate(String invariant, String what) {
        violations.add(new Violation(invariant, what));
    }

    static String some(List<String> ids) {
        return ids.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (ids.size() > MOST_NAMED ? ", ..." : "");
    }
}
