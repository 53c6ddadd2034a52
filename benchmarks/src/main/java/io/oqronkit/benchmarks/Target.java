package io.oqronkit.benchmarks;

import io.oqronkit.benchmarks.Results.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the product must reach beside others in the same run.
 *
 * @param least whether the bound is the least that will do, else the most
 * @param measured empty if the steps it needs did not run
 */
record Target(String what, boolean least, double bound, Optional<Stat> measured) {

    private static final String OURS = "OqronKit";
    private static final String DRAIN = "OqronKit c=8";
    private static final String RAW = "raw Lettuce";
    private static final String RAW_XADD = "raw XADD";
    private static final String SPRING = "Spring Data";

    /** What an array of the payload's bytes takes: 16 of header, then rounded up to 8. */
    private static final int PAYLOAD_HEAP = (16 + Event.BYTES + 7) / 8 * 8;

    static List<Target> of(Results results) {
        List<Target> targets = new ArrayList<>();
        speed(results, targets);
        costs(results, targets);
        growth(results, targets);
        return targets;
    }

    private static void speed(Results results, List<Target> targets) {
        Cell publish = rate("publish-async", OURS);
        Cell drain = rate("drain", DRAIN);
        targets.add(atLeast(
                "publish async / hand-written scripts", 0.90, results.ratio(publish, rate("publish-async", RAW))));
        targets.add(atLeast(
                "publish async / Spring Data, 16 threads", 4, results.ratio(publish, rate("publish-sync-16", SPRING))));
        targets.add(atLeast(
                "publish, 16 threads / raw XADD, 16 threads",
                1.5,
                results.ratio(rate("publish-sync-16", OURS), rate("publish-sync-16", RAW_XADD))));
        targets.add(atLeast(
                "publish, 1 thread / raw XADD",
                0.85,
                results.ratio(rate("publish-sync-1", OURS), rate("publish-sync-1", RAW_XADD))));
        targets.add(
                atLeast("drain, concurrency 8 / hand-written loop", 0.85, results.ratio(drain, rate("drain", RAW))));
        targets.add(atLeast("drain / Spring Data, manual ack", 25, results.ratio(drain, rate("drain", SPRING))));
        targets.add(atLeast(
                "drain / Redisson RReliableTopic", 20, results.ratio(drain, rate("drain", "Redisson RReliableTopic"))));
        targets.add(atLeast(
                "three groups, deliveries / raw", 0.85, results.ratio(rate("fan-out", OURS), rate("fan-out", RAW))));
        targets.add(atMost(
                "p99 at 2,000 a second / raw",
                1.25,
                results.ratio(new Cell("latency", OURS, Figure.P99), new Cell("latency", RAW, Figure.P99))));
        targets.add(atLeast(
                "all rejected by header / handled",
                1.3,
                results.ratio(rate("filter", "OqronKit, rejected by header"), rate("filter", "OqronKit, handled"))));
    }

    private static void costs(Results results, List<Target> targets) {
        targets.add(atMost(
                "client CPU of a drain / raw",
                1.4,
                results.ratio(new Cell("drain", DRAIN, Figure.CLIENT_CPU), new Cell("drain", RAW, Figure.CLIENT_CPU))));
        Optional<Stat> decode = results.stat("codec", "decode", Figure.HEAP);
        targets.add(atMost(
                "heap B a drained message, beyond payload, record and decode",
                250,
                decode.flatMap(floor -> results.stat("drain", DRAIN, Figure.HEAP)
                        .map(heap -> heap.minus(floor.median() + PAYLOAD_HEAP)))));
        targets.add(atMost(
                "Redis B a message beyond the payload",
                40,
                results.stat("publish-async", OURS, Figure.MEMORY).map(memory -> memory.minus(Event.BYTES))));
        for (String idle : results.contenders("idle")) {
            targets.add(atMost("commands/s of each: " + idle, 3, results.stat("idle", idle, Figure.EACH_PER_SECOND)));
            targets.add(atMost("% of a core in all: " + idle, 5, results.stat("idle", idle, Figure.CORE)));
        }
    }

    private static void growth(Results results, List<Target> targets) {
        for (String step : List.of("growth-publish", "growth-drain")) {
            List<String> variants = results.contenders(step);
            variants.stream()
                    .skip(1)
                    .forEach(variant -> targets.add(atLeast(
                            step + ": " + variant + " / " + variants.get(0),
                            0.9,
                            results.ratio(rate(step, variant), rate(step, variants.get(0))))));
        }
    }

    private static Cell rate(String step, String contender) {
        return new Cell(step, contender, Figure.RATE);
    }

    private static Target atLeast(String what, double bound, Optional<Stat> measured) {
        return new Target(what, true, bound, measured);
    }

    private static Target atMost(String what, double bound, Optional<Stat> measured) {
        return new Target(what, false, bound, measured);
    }

    /** By the median of the rounds. */
    boolean holds() {
        return measured.isPresent()
                && (least ? measured.get().median() >= bound : measured.get().median() <= bound);
    }

    static String table(List<Target> targets) {
        StringBuilder text = new StringBuilder();
        Table.row(text, Stream.of("target", "bound", "measured", ""));
        Table.row(text, Stream.of("---", "---:", "---:", "---"));
        for (Target target : targets) {
            target.measured.ifPresent(stat -> Table.row(
                    text,
                    Stream.of(
                            target.what,
                            (target.least ? "≥ " : "≤ ") + Table.ratio(target.bound),
                            stat.format(Table::ratio),
                            target.holds() ? "OK" : "MISS")));
        }
        return text.toString();
    }
}
