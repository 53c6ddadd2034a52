package io.oqronkit.benchmarks;

import java.util.Map;

/** What a case measured in one round. */
record Result(String step, String contender, int round, Map<Figure, Double> figures) {}
