package io.oqronkit.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The results of each step as a Markdown table. */
final class Table {

    private Table() {}

    static String of(Results results) {
        StringBuilder text = new StringBuilder();
        for (String step : results.steps()) {
            append(text, results, step);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Results results, String step) {
        List<String> contenders = results.contenders(step);
        List<Figure> figures = Stream.of(Figure.values())
                .filter(figure -> contenders.stream().anyMatch(contender -> results.stat(step, contender, figure)
                        .isPresent()))
                .toList();
        String base = contenders.get(0);
        Figure main = figures.get(0);
        row(text, Stream.concat(Stream.of(step, "× first"), figures.stream().map(Figure::title)));
        row(text, Stream.concat(Stream.of("---"), Stream.generate(() -> "---:").limit(figures.size() + 1L)));
        for (String contender : contenders) {
            String ratio = results.ratio(new Results.Cell(step, contender, main), new Results.Cell(step, base, main))
                    .map(stat -> stat.format(Table::ratio))
                    .orElse("");
            Stream<String> cells = figures.stream().map(figure -> cell(results.stat(step, contender, figure), figure));
            row(text, Stream.concat(Stream.of(contender, ratio), cells));
        }
        text.append('\n');
    }

    private static String cell(Optional<Stat> stat, Figure figure) {
        return stat.map(rounds -> figure.spreads() ? rounds.format(figure::format) : figure.format(rounds.median()))
                .orElse("");
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    static void row(StringBuilder text, Stream<String> cells) {
        text.append("| ").append(String.join(" | ", cells.toList())).append(" |\n");
    }
}
