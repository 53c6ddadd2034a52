package io.oqronkit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every step with a few hundred messages; each step itself fails unless exactly these were stored and handled. Parts of
 * it run side by side, on servers of their own, since most of the time is spent waiting for subscriptions to close.
 */
class BenchmarkSmokeIT {

    private static final List<String> PARTS = List.of(
            "codec,publish,latency,idle",
            "drain,fan-out,sustained,filter",
            "growth-publish,growth-partitions,memory",
            "growth-drain,growth-groups");

    @TempDir
    Path out;

    @Test
    void everyStepOfEveryContenderStoresAndHandlesWhatItShould() throws Exception {
        Report report = new Report(options(""), "any");
        ExecutorService threads = Executors.newFixedThreadPool(PARTS.size());
        try {
            List<Future<Report>> parts = new ArrayList<>();
            PARTS.forEach(part -> parts.add(threads.submit(() -> Benchmark.run(options(part)))));
            for (Future<Report> part : parts) {
                report.add(part.get().results().all());
            }
        } finally {
            threads.shutdownNow();
        }
        report.write();

        Results results = report.results();
        Set<String> ran = new HashSet<>();
        results.all().forEach(result -> ran.add(result.step() + ", " + result.contender()));
        Set<String> planned = new HashSet<>();
        Plan.of(options("")).forEach(one -> planned.add(one.step() + ", " + one.contender()));
        assertThat(ran).isEqualTo(planned).hasSizeGreaterThan(60);
        assertThat(results.all())
                .allSatisfy(result -> assertThat(result.figures()).isNotEmpty());
        assertThat(Target.of(results)).hasSizeGreaterThan(16).allSatisfy(target -> assertThat(target.measured())
                .as(target.what())
                .isPresent());
        assertThat(Files.readString(out.resolve("results.md")))
                .contains("| drain |")
                .contains("≥ 0.85");
        assertThat(Files.readAllLines(out.resolve("results.tsv"))).hasSizeGreaterThan(ran.size());
        assertThat(Files.readString(out.resolve("results.svg")))
                .contains("OqronKit c=8")
                .endsWith("</svg>\n");
    }

    private Options options(String only) {
        return Options.parse(
                "--only",
                only,
                "--rounds",
                "1",
                "--messages",
                "300",
                "--warm-up",
                "0",
                "--seconds",
                "0.2",
                "--large",
                "--out",
                out.resolve(only).toString());
    }
}
