package io.oqronkit.benchmarks;

import java.util.Arrays;
import java.util.function.DoubleFunction;

/** The rounds of one figure. */
record Stat(double min, double median, double max) {

    /** At least one value. */
    static Stat of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Stat(sorted[0], median, sorted[sorted.length - 1]);
    }

    Stat minus(double constant) {
        return new Stat(min - constant, median - constant, max - constant);
    }

    /** {@code median [min..max]}. */
    String format(DoubleFunction<String> format) {
        return min == max
                ? format.apply(median)
                : format.apply(median) + " [" + format.apply(min) + ".." + format.apply(max) + "]";
    }
}
