package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.TrafficListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** All that this application published and attempted since the test began. Safe for concurrent use. */
final class Seen implements TrafficListener {

    private final List<Stored> stored = new ArrayList<>(); // all guarded by this
    private final List<Attempt> attempts = new ArrayList<>();
    private final Map<String, Long> reached = new HashMap<>();
    private Map<String, Long> earlier = Map.of();

    private record Stored(String topic, OutgoingMessage<?> message) {}

    @Override
    public synchronized void onPublished(OutgoingMessage<?> message, PublishReceipt receipt) {
        if (!receipt.duplicate()) {
            reached(receipt.topic(), receipt.id());
            stored.add(new Stored(receipt.topic(), message));
            notifyAll();
        }
    }

    /** What an earlier test left behind, a handler that ends late, is not counted to this one. */
    @Override
    public synchronized void onAttempt(Attempt attempt) {
        String place = place(attempt.topic(), attempt.id());
        if (attempt.id().offset() > earlier.getOrDefault(place, 0L)) {
            reached(attempt.topic(), attempt.id());
            attempts.add(attempt);
            notifyAll();
        }
    }

    private void reached(String topic, MessageId id) {
        reached.merge(place(topic, id), id.offset(), Math::max);
    }

    private static String place(String topic, MessageId id) {
        return topic + "/" + id.partition();
    }

    /** A test begins: messages up to here are those of earlier ones. */
    synchronized void begin() {
        earlier = Map.copyOf(reached);
        forget();
    }

    synchronized void forget() {
        stored.clear();
        attempts.clear();
    }

    /** In the order in which they were stored. */
    synchronized List<OutgoingMessage<?>> published(String topic) {
        return stored.stream()
                .filter(one -> one.topic().equals(topic))
                .<OutgoingMessage<?>>map(Stored::message)
                .toList();
    }

    /** In the order in which they ended. */
    synchronized List<Attempt> attempts(String topic, String group) {
        return attempts.stream()
                .filter(attempt ->
                        attempt.topic().equals(topic) && attempt.group().equals(group))
                .toList();
    }

    /** What {@code look} shows once it has so many elements, or, if that is earlier, when the time is over. */
    synchronized <T> List<T> await(Supplier<List<T>> look, int count, long deadlineNanos) {
        List<T> found = look.get();
        try {
            for (long left = deadlineNanos - System.nanoTime();
                    found.size() < count && left > 0;
                    left = deadlineNanos - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                found = look.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return found;
    }
}
