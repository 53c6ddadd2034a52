package io.oqronkit.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All rounds, by step, contender and figure. */
final class Results {

    private final List<Result> all = new ArrayList<>();

    void add(List<Result> round) {
        all.addAll(round);
    }

    List<Result> all() {
        return all;
    }

    Set<String> steps() {
        Set<String> steps = new LinkedHashSet<>();
        all.forEach(result -> steps.add(result.step()));
        return steps;
    }

    /** In the order in which they ran; the first one is what the others are compared with. */
    List<String> contenders(String step) {
        return all.stream()
                .filter(result -> result.step().equals(step))
                .map(Result::contender)
                .distinct()
                .toList();
    }

    Optional<Stat> stat(String step, String contender, Figure figure) {
        return statOf(rounds(step, contender, figure).values());
    }

    /** Of each round, since contenders of one round ran under the same conditions. */
    Optional<Stat> ratio(Cell above, Cell below) {
        Map<Integer, Double> divisors = rounds(below.step, below.contender, below.figure);
        Map<Integer, Double> ratios = new LinkedHashMap<>();
        rounds(above.step, above.contender, above.figure).forEach((round, value) -> {
            if (divisors.containsKey(round)) {
                ratios.put(round, value / divisors.get(round));
            }
        });
        return statOf(ratios.values());
    }

    /** A figure of a contender in a step. */
    record Cell(String step, String contender, Figure figure) {}

    private Map<Integer, Double> rounds(String step, String contender, Figure figure) {
        Map<Integer, Double> values = new LinkedHashMap<>();
        for (Result result : all) {
            Double value = result.figures().get(figure);
            if (value != null
                    && result.step().equals(step)
                    && result.contender().equals(contender)) {
                values.put(result.round(), value);
            }
        }
        return values;
    }

    private static Optional<Stat> statOf(Iterable<Double> values) {
        List<Double> list = new ArrayList<>();
        values.forEach(list::add);
        return list.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Stat.of(list.stream().mapToDouble(Double::doubleValue).toArray()));
    }
}
