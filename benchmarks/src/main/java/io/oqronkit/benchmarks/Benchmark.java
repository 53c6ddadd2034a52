package io.oqronkit.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command: runs every case in turns, round by round, and reports. */
public final class Benchmark {

    private final Lab lab;
    private final List<Case> cases;

    private Benchmark(Lab lab) {
        this.lab = lab;
        this.cases = Plan.of(lab.options());
    }

    /** See {@code docs/guide/performance.md}. */
    @SuppressWarnings("CatchAndPrintStackTrace") // there is nobody else to tell
    public static void main(String[] arguments) {
        int status = 1;
        try {
            System.out.println(run(Options.parse(arguments)).text());
            status = 0;
        } catch (Exception e) {
            e.printStackTrace();
        }
        System.exit(status); // whatever threads a contender may have left
    }

    static Report run(Options options) throws Exception {
        try (Server server = Server.start(options)) {
            Report report = new Report(options, server.version());
            System.out.println(report.header());
            if (options.warmUp() > 0) {
                new Benchmark(new Lab(server, options.ofWarmUp())).round(0);
            }
            Benchmark benchmark = new Benchmark(new Lab(server, options));
            for (int round = 1; round <= options.rounds(); round++) {
                report.add(benchmark.round(round));
                report.write();
            }
            return report;
        }
    }

    private List<Result> round(int round) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (Case one : inTurns(round)) {
            lab.server().empty();
            System.gc(); // nobody pays for the garbage of the one before
            long began = System.nanoTime();
            try {
                Map<Figure, Double> figures = one.work().run(lab);
                results.add(new Result(one.step(), one.contender(), round, figures));
                System.out.printf(
                        "round %d, %s, %s: %s (%.1f s)%n",
                        round, one.step(), one.contender(), brief(figures), (System.nanoTime() - began) / 1e9);
            } catch (RuntimeException e) {
                throw new IllegalStateException(one.step() + ", " + one.contender() + ": " + e.getMessage(), e);
            }
        }
        return results;
    }

    /** Step by step, and in each one another contender begins every round. */
    private List<Case> inTurns(int round) {
        Map<String, List<Case>> steps = new LinkedHashMap<>();
        for (Case one : cases) {
            if (round > 0 || one.warmsUp()) {
                steps.computeIfAbsent(one.step(), step -> new ArrayList<>()).add(one);
            }
        }
        steps.values().forEach(step -> Collections.rotate(step, 1 - round));
        return steps.values().stream().flatMap(List::stream).toList();
    }

    private static String brief(Map<Figure, Double> figures) {
        Map.Entry<Figure, Double> first = figures.entrySet().iterator().next();
        return first.getKey().format(first.getValue()) + " " + first.getKey().title();
    }
}
