package io.oqronkit.pubsub.internal.shadow;

import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.ShadowReplayProgress;
import io.oqronkit.pubsub.ShadowReplayProgress.Failure;
import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.Outcomes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Counts how the messages of a shadow replay end. A delivery that was lost does not count: the message is delivered
 * again. Workers call in; anybody may look.
 */
public final class Tally implements Outcomes {

    private static final int FAILURES_KEPT = 10;

    private final long total;
    private final Instant startedAt;
    private final List<LongAdder> handled;
    private final LongAdder filtered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Deque<Failure> failures = new ArrayDeque<>(); // guarded by itself

    public Tally(long total, int partitions, Instant startedAt) {
        this.total = total;
        this.startedAt = startedAt;
        this.handled = IntStream.range(0, partitions)
                .mapToObj(partition -> new LongAdder())
                .toList();
    }

    @Override
    public void ended(Delivery delivery, Outcome outcome, String cause) {
        if (delivery.isLost()) {
            return;
        }
        switch (outcome) {
            case ACK, DISCARDED -> handled.get(delivery.id().partition()).increment();
            case FILTERED, EXPIRED -> filtered.increment();
            case DEAD_LETTER, DROPPED, HALTED -> {
                remember(delivery.id(), cause);
                failed.increment();
            }
            case RETRY, LOST -> {}
        }
    }

    private void remember(MessageId id, String cause) {
        synchronized (failures) {
            if (failures.size() == FAILURES_KEPT) {
                failures.removeFirst();
            }
            failures.addLast(new Failure(id, cause));
        }
    }

    public ShadowReplayProgress progress(boolean done) {
        Map<Integer, Long> byPartition = IntStream.range(0, handled.size())
                .boxed()
                .collect(Collectors.toMap(p -> p, p -> handled.get(p).sum()));
        List<Failure> last;
        synchronized (failures) {
            last = List.copyOf(failures);
        }
        return new ShadowReplayProgress(
                total,
                byPartition.values().stream().mapToLong(Long::longValue).sum(),
                filtered.sum(),
                failed.sum(),
                byPartition,
                last,
                startedAt,
                done);
    }
}
