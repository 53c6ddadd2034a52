package io.oqronkit.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Publishing and draining as bars, in SVG. */
final class Chart {

    private static final int WIDTH = 760;
    private static final int LABELS = 210;
    private static final int LONGEST_BAR = 440;
    private static final int ROW = 24;

    private final Results results;
    private final StringBuilder shapes = new StringBuilder();
    private int y;

    private Chart(Results results) {
        this.results = results;
    }

    static String of(Results results) {
        Chart chart = new Chart(results);
        chart.panel("publish-async", "Stored, messages a second (asynchronously, up to 5,000 under way)");
        chart.panel("publish-sync-16", "Stored, messages a second (16 threads that wait)");
        chart.panel("drain", "Handled, messages a second (a backlog, one group, at least once)");
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """.formatted(WIDTH, chart.y + ROW / 2, chart.shapes);
    }

    private void panel(String step, String title) {
        List<String> contenders = results.contenders(step);
        double longest = contenders.stream()
                .map(contender -> results.stat(step, contender, Figure.RATE))
                .flatMap(Optional::stream)
                .mapToDouble(Stat::median)
                .max()
                .orElse(0);
        if (longest == 0) {
            return;
        }
        y += ROW + ROW / 2;
        add("<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s</text>", y, title);
        for (String contender : contenders) {
            results.stat(step, contender, Figure.RATE).ifPresent(rate -> bar(contender, rate.median(), longest));
        }
    }

    private void bar(String contender, double rate, double longest) {
        y += ROW;
        long width = Math.max(1, Math.round(rate / longest * LONGEST_BAR));
        String colour = contender.startsWith("OqronKit") ? "#c0392b" : "#7f8c8d";
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", LABELS - 8, y, contender);
        add("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"16\" fill=\"%s\"/>", LABELS, y - 13, width, colour);
        add("<text x=\"%d\" y=\"%d\">%s</text>", LABELS + width + 6, y, Figure.RATE.format(rate));
    }

    private void add(String shape, Object... values) {
        shapes.append(String.format(Locale.ROOT, shape, values)).append('\n');
    }
}
