package io.oqronkit.pubsub.internal.retain;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Since when this process has seen groups of one partition silent, on its own steady clock: when the clock of Redis jumps
 * ahead every consumer seems silent for a moment, and only what lasts is believed. Confined to one thread.
 */
final class SilenceWatch {

    private static final Duration LASTING = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private final Map<String, Long> firstSeenNanos = new HashMap<>();

    SilenceWatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Groups that were first seen silent at least ten minutes ago and have not been seen otherwise since. */
    List<String> seenBefore() {
        long now = nanoTime.getAsLong();
        return firstSeenNanos.entrySet().stream()
                .filter(seen -> now - seen.getValue() >= LASTING.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** These groups are silent now, and no others. */
    void saw(Collection<String> silent) {
        firstSeenNanos.keySet().retainAll(silent);
        long now = nanoTime.getAsLong();
        silent.forEach(group -> firstSeenNanos.putIfAbsent(group, now));
    }
}
