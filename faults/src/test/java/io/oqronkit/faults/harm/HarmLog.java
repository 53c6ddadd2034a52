package io.oqronkit.faults.harm;

import io.oqronkit.faults.work.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Every fault of a run and its time. Safe for concurrent use. */
public final class HarmLog {

    /** How long a process that goes on may take to its next line in the ledger. */
    private static final long AWAKE_MICROS = 250_000;

    private final List<Harm> harms = new CopyOnWriteArrayList<>();

    /** A fault that lasts as long as the action. */
    public void during(Harm.Kind kind, String target, Runnable action) {
        long from = Ledger.now();
        try {
            action.run();
        } finally {
            harms.add(new Harm(kind, target, from, Ledger.now()));
        }
    }

    /** What was not done by the test but happened. */
    public void add(Harm harm) {
        harms.add(harm);
    }

    public List<Harm> all() {
        return List.copyOf(harms);
    }

    /** Whether some fault explains what a process did between these moments. */
    public boolean explains(String process, long begun, long over) {
        return harms.stream().anyMatch(harm -> harm.explains(process, begun, over));
    }

    /**
     * The freeze a process has just come out of at this moment. What a worker had taken up when it froze it begins then, and no
     * library can tell it not to: that is what fencing tokens are for.
     */
    public Optional<Harm> freezeJustOver(String process, long at) {
        return harms.stream()
                .filter(harm ->
                        (harm.kind() == Harm.Kind.STOP_CONSUMER && harm.target().equals(process))
                                || harm.kind() == Harm.Kind.STARVED)
                .filter(harm -> harm.to() <= at && at <= harm.to() + AWAKE_MICROS)
                .findFirst();
    }

    /** For how many µs in all some process was given no time. */
    public long starvedMicros() {
        return harms.stream()
                .filter(harm -> harm.kind() == Harm.Kind.STARVED)
                .mapToLong(harm -> harm.to() - harm.from())
                .sum();
    }

    /** Whether a group was made again between these moments, so that what was given up before may be given up again. */
    public boolean groupWasRemade(long from, long to) {
        return harms.stream()
                .anyMatch(harm -> harm.kind() == Harm.Kind.DESTROY_GROUP && harm.from() < to && harm.to() > from);
    }

    /** When a process was killed; never: the end of time. */
    public long deathOf(String process) {
        return harms.stream()
                .filter(harm ->
                        harm.kind() == Harm.Kind.KILL_CONSUMER && harm.target().equals(process))
                .mapToLong(Harm::to)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    public Map<Harm.Kind, Long> counts() {
        return harms.stream().collect(Collectors.groupingBy(Harm::kind, TreeMap::new, Collectors.counting()));
    }
}
