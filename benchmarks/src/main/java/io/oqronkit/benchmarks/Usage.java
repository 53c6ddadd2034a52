package io.oqronkit.benchmarks;

import java.util.EnumMap;
import java.util.Map;

/**
 * What was used while something was measured.
 *
 * @param seconds how long that took
 * @param busiestThread CPU seconds of the thread of this process that used most
 * @param heap bytes allocated in this process
 * @param memory bytes by which Redis has grown
 * @param sent commands that came from the client
 * @param executed commands in all, those within scripts included
 */
record Usage(
        double seconds,
        double clientCpu,
        double busiestThread,
        double redisCpu,
        long heap,
        long memory,
        long sent,
        long executed) {

    /** For each of so many messages. */
    Map<Figure, Double> per(long messages) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.RATE, messages / seconds);
        figures.put(Figure.CLIENT_CPU, clientCpu * 100_000 / messages);
        figures.put(Figure.REDIS_CPU, redisCpu * 100_000 / messages);
        figures.put(Figure.SENT, (double) sent / messages);
        figures.put(Figure.EXECUTED, (double) executed / messages);
        figures.put(Figure.HEAP, (double) heap / messages);
        return figures;
    }

    /** The same, and by how much Redis has grown for each of them. */
    Map<Figure, Double> perStored(long messages) {
        Map<Figure, Double> figures = per(messages);
        figures.put(Figure.MEMORY, (double) memory / messages);
        return figures;
    }
}
