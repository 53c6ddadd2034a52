package io.oqronkit.faults.oracle;

import io.oqronkit.faults.work.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** For how long nothing of a kind happened in a partition: the longest time between two such lines in the ledgers. */
public final class Gaps {

    private Gaps() {}

    /** Between two publishes that were acknowledged. */
    public static Map<Integer, Duration> ofPublishing(Stream<Path> publishers) {
        return longest(publishers, "acked", 1);
    }

    /** Between two handlers that began. */
    public static Map<Integer, Duration> ofHandling(Stream<Path> consumers) {
        return longest(consumers, "start", 2);
    }

    private record Event(int partition, long at) {}

    /** @param field that holds the id of the message */
    private static Map<Integer, Duration> longest(Stream<Path> ledgers, String kind, int field) {
        Map<Integer, List<Long>> times = ledgers.flatMap(ledger -> Ledger.read(ledger).stream())
                .filter(line -> line.kind().equals(kind))
                .map(line -> new Event(Integer.parseInt(line.field(field).split(":")[0]), line.at()))
                .collect(Collectors.groupingBy(Event::partition, Collectors.mapping(Event::at, Collectors.toList())));
        return times.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, partition -> longest(partition.getValue())));
    }

    private static Duration longest(List<Long> micros) {
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        long longest = 0;
        for (int i = 1; i < sorted.length; i++) {
            longest = Math.max(longest, sorted[i] - sorted[i - 1]);
        }
        return Duration.ofNanos(longest * 1_000);
    }
}
