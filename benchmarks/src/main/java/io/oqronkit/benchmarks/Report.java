package io.oqronkit.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;

/** What is known so far: a table for people, a TSV of every round, a chart. */
final class Report {

    private final Options options;
    private final String redisVersion;
    private final Results results = new Results();

    Report(Options options, String redisVersion) {
        this.options = options;
        this.redisVersion = redisVersion;
    }

    void add(List<Result> round) {
        results.add(round);
    }

    Results results() {
        return results;
    }

    String header() {
        return ("Redis %s on loopback, append-only file: %s; Java %s; %s %s, %d processors; rounds: %d, of up to %,d messages"
                        + " of %d bytes")
                .formatted(
                        redisVersion,
                        options.aof(),
                        Runtime.version(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        options.rounds(),
                        options.messages(),
                        Event.BYTES);
    }

    String text() {
        return header() + "\n\n" + Table.of(results) + Target.table(Target.of(results));
    }

    void write() throws IOException {
        Files.createDirectories(options.out());
        Files.writeString(options.out().resolve("results.md"), text());
        Files.writeString(options.out().resolve("results.tsv"), tsv());
        Files.writeString(options.out().resolve("results.svg"), Chart.of(results));
    }

    private String tsv() {
        StringBuilder text = new StringBuilder("# " + header() + "\nround\tstep\tcontender\tfigure\tvalue\n");
        for (Result result : results.all()) {
            for (Map.Entry<Figure, Double> figure : result.figures().entrySet()) {
                text.append(String.join(
                                "\t",
                                String.valueOf(result.round()),
                                result.step(),
                                result.contender(),
                                figure.getKey().title(),
                                figure.getValue().toString()))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
