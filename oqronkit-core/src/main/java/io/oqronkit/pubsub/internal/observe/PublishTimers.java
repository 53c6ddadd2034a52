package io.oqronkit.pubsub.internal.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import java.util.concurrent.TimeUnit;

/** How long publishing to one topic takes, by its outcome. Safe for concurrent use. */
final class PublishTimers {

    private final Timer stored;
    private final Timer duplicate;
    private final Timer failed;
    private final Timer unknown;

    PublishTimers(MeterRegistry registry, String topic) {
        this.stored = Measure.PUBLISH.timer(registry, topic, "stored");
        this.duplicate = Measure.PUBLISH.timer(registry, topic, "duplicate");
        this.failed = Measure.PUBLISH.timer(registry, topic, "failed");
        this.unknown = Measure.PUBLISH.timer(registry, topic, "unknown");
    }

    void stored(PublishReceipt receipt, long startedNanos) {
        record(receipt.duplicate() ? duplicate : stored, startedNanos);
    }

    void failed(Throwable failure, int messages, long startedNanos) {
        Timer timer = failure instanceof PublishOutcomeUnknownException ? unknown : failed;
        for (int i = 0; i < messages; i++) {
            record(timer, startedNanos);
        }
    }

    private static void record(Timer timer, long startedNanos) {
        timer.record(System.nanoTime() - startedNanos, TimeUnit.NANOSECONDS);
    }
}
