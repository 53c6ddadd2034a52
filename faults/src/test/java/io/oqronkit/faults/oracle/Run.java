package io.oqronkit.faults.oracle;

import io.oqronkit.faults.harm.HarmLog;
import io.oqronkit.faults.work.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All evidence of a run.
 *
 * @param sent by task
 * @param handlings by start
 * @param liveConsumers processes that consume at the end
 */
public record Run(
        Settings settings,
        Map<String, Sent> sent,
        List<Handling> handlings,
        Stored stored,
        HarmLog harms,
        int liveConsumers) {

    List<Sent> acked() {
        return sent.values().stream()
                .filter(message -> message.outcome() == Sent.Outcome.ACKED)
                .toList();
    }

    /** The runs of each message in each group, by start. */
    Map<String, List<Handling>> byPlace() {
        Map<String, List<Handling>> byPlace = new HashMap<>();
        handlings.forEach(handling -> byPlace.computeIfAbsent(handling.place(), p -> new ArrayList<>())
                .add(handling));
        return byPlace;
    }

    /** When a run of a handler was over: it came back, or its process died. */
    long over(Handling handling) {
        return handling.ended() ? handling.end() : harms.deathOf(handling.process());
    }
}
