package io.oqronkit.benchmarks;

import java.util.Locale;

/** What a step measures. */
enum Figure {
    RATE("per second", "%,.0f"),
    P50("p50 µs", "%,.0f"),
    P99("p99 µs", "%,.0f"),
    P999("p99.9 µs", "%,.0f"),
    CLIENT_CPU("client CPU s/100k", "%.2f"),
    REDIS_CPU("Redis CPU s/100k", "%.2f"),
    SENT("commands sent", "%.3f"),
    EXECUTED("executed in Redis", "%.2f"),
    HEAP("heap B", "%,.0f"),
    MEMORY("Redis B", "%,.0f"),
    COMMANDS_PER_SECOND("commands/s", "%.1f"),
    EACH_PER_SECOND("commands/s each", "%.2f"),
    EXECUTED_PER_SECOND("executed/s in Redis", "%.1f"),
    CORE("client CPU, % of a core", "%.2f"),
    BUSIEST("busiest thread, % of a core", "%.2f"),
    THREADS("threads", "%.0f");

    private final String title;
    private final String format;

    Figure(String title, String format) {
        this.title = title;
        this.format = format;
    }

    String title() {
        return title;
    }

    /** Whether it differs so much from round to round that the table shows by how much. */
    boolean spreads() {
        return compareTo(P999) <= 0;
    }

    String format(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
