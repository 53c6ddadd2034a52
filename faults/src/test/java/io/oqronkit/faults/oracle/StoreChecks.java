package io.oqronkit.faults.oracle;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.oracle.Sent.Outcome;
import io.oqronkit.faults.work.Task;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.GroupStats;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What must be in Redis, and what must not: I4, I6, I7, I9, I10. */
final class StoreChecks {

    private static final Set<Harm.Kind> MASTER_AWAY = EnumSet.of(Harm.Kind.KILL_REDIS, Harm.Kind.STOP_REDIS);

    private final Run run;
    private final List<Violation> violations;
    private final int maxAttempts;

    StoreChecks(Run run, List<Violation> violations) {
        this.run = run;
        this.violations = violations;
        this.maxAttempts = run.settings().maxAttempts();
    }

    void deadLettersAreWhatWasGivenUp() {
        run.settings().groups().forEach(group -> {
            List<DeadLetter> letters = run.stored().deadLetters().getOrDefault(group, List.of());
            Map<String, DeadLetter> byTask = new HashMap<>();
            for (DeadLetter letter : letters) {
                Task task = Task.parse(letter.payload());
                DeadLetter earlier = byTask.put(task.id(), letter);
                if (earlier != null && !run.harms().groupWasRemade(micros(earlier), micros(letter))) {
                    violate("I4", "group %s has two dead letters of %s".formatted(group, letter.id()));
                }
                Sent sent = run.sent().get(task.id());
                if (sent == null || !sent.hash().equals(Task.hash(letter.payload()))) {
                    violate("I4", "group %s has a changed dead letter %s".formatted(group, letter.id()));
                }
            }
            List<String> missing = run.acked().stream()
                    .filter(sent -> sent.mustDie(maxAttempts) && !byTask.containsKey(sent.task()))
                    .map(Sent::id)
                    .toList();
            if (!missing.isEmpty()) {
                violate("I4", "group %s never gave up %s".formatted(group, HandlingChecks.some(missing)));
            }
        });
    }

    private static long micros(DeadLetter letter) {
        return letter.at().toEpochMilli() * 1_000;
    }

    void offsetsAreDense() {
        Map<Integer, Long> previous = new HashMap<>();
        for (Stored.Message message : run.stored().messages()) {
            Long before = previous.put(message.partition(), message.offset());
            if (before != null && message.offset() != before + 1) {
                violate("I6", "offset %d is followed by %s".formatted(before, message.id()));
            }
        }
        previous.forEach((partition, offset) -> {
            if (!run.stored().lastOffsets().get(partition).equals(offset)) {
                violate("I6", "the last id of partition %d is not that of its last message".formatted(partition));
            }
        });
    }

    /** What was ever stored is done, dead or dropped: nothing is left at rest. */
    void everyGroupAccountsForAll() {
        long stored =
                run.stored().lastOffsets().stream().mapToLong(Long::longValue).sum();
        Set<String> neverKept = neverKept();
        for (String group : run.settings().groups()) {
            Set<String> dead = new HashSet<>();
            run.stored()
                    .deadLetters()
                    .getOrDefault(group, List.of())
                    .forEach(letter -> dead.add(letter.id().toString()));
            long done = run.handlings().stream()
                    .filter(h -> h.group().equals(group) && h.completed() && !dead.contains(h.id()))
                    .map(Handling::id)
                    .filter(id -> !neverKept.contains(id))
                    .distinct()
                    .count();
            GroupStats stats = run.stored().groups().get(group);
            long dropped = stats == null ? 0 : stats.dropped();
            if (done + dead.size() + dropped != stored) {
                violate(
                        "I6",
                        "group %s: %d done + %d dead + %d dropped, but %d stored"
                                .formatted(group, done, dead.size(), dropped, stored));
            }
        }
    }

    /**
     * Ids of what was handled but is not in the log, though nothing was trimmed there, nor confirmed to a publisher: a master has
     * died with it before a replica had it. It is stored again, under another id.
     */
    private Set<String> neverKept() {
        if (run.harms().all().stream().noneMatch(harm -> MASTER_AWAY.contains(harm.kind()))) {
            return Set.of();
        }
        Set<String> known = new HashSet<>();
        Map<Integer, Long> first = new HashMap<>();
        for (Stored.Message message : run.stored().messages()) {
            known.add(message.id());
            first.merge(message.partition(), message.offset(), Math::min);
        }
        run.acked().forEach(sent -> known.add(sent.id()));
        return run.handlings().stream()
                .filter(h -> h.offset() >= first.getOrDefault(h.partition(), Long.MAX_VALUE))
                .map(Handling::id)
                .filter(id -> !known.contains(id))
                .collect(Collectors.toSet());
    }

    void nothingIsLeftOver() {
        run.settings().groups().forEach(group -> {
            GroupStats stats = run.stored().groups().get(group);
            if (stats == null || stats.backlog() != 0) {
                violate("I7", "group %s is not at rest: %s".formatted(group, stats));
            } else if (stats.consumers() > run.liveConsumers() + kills() + 2) {
                violate(
                        "I7",
                        "group %s has %d consumer names, %d processes are alive"
                                .formatted(group, stats.consumers(), run.liveConsumers()));
            }
        });
    }

    /** The name of a process that was killed is removed once it has been silent for an hour. */
    private long kills() {
        return run.harms().all().stream()
                .filter(harm -> harm.kind() == Harm.Kind.KILL_CONSUMER)
                .count();
    }

    void nothingIsStoredTwice() {
        Map<String, String> idOf = new HashMap<>();
        for (Stored.Message message : run.stored().messages()) {
            String other = idOf.put(message.task().id(), message.id());
            if (other != null) {
                violate(
                        "I9",
                        "%s is stored twice: %s and %s".formatted(message.task().id(), other, message.id()));
            }
            Sent sent = run.sent().get(message.task().id());
            if (sent == null || !sent.hash().equals(message.hash())) {
                violate("I9", "%s is stored with other bytes than were sent".formatted(message.id()));
            }
        }
    }

    void whatFailedIsNotStored() {
        Set<String> seen = new HashSet<>();
        run.stored().messages().forEach(message -> seen.add(message.task().id()));
        run.handlings().forEach(handling -> seen.add(handling.task()));
        List<String> stored = new ArrayList<>();
        run.sent().values().stream()
                .filter(sent -> sent.outcome() == Outcome.FAILED && seen.contains(sent.task()))
                .forEach(sent -> stored.add(sent.task()));
        if (!stored.isEmpty()) {
            violate("I10", "failed for certain, and stored: " + HandlingChecks.some(stored));
        }
    }

    private void violate(String invariant, String what) {
        violations.add(new Violation(invariant, what));
    }
}
