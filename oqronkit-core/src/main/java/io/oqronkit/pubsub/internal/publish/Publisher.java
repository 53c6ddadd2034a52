package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PayloadCodecException;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.internal.json.Envelope;
import io.oqronkit.pubsub.internal.json.HeaderCodec;
import io.oqronkit.pubsub.internal.publish.Bundle.Placed;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import io.oqronkit.pubsub.internal.redis.PublishSteps;
import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to one topic: encode, choose the partition, wait for room, queue, and give the receipt back once the
 * message is stored. A topic may get more partitions meanwhile. Safe for concurrent use.
 */
public final class Publisher implements Publishing {

    private static final int MAX_QUEUED = 10_000;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final byte[] NONE = new byte[0];

    private final String topic;
    private final PayloadCodec codec;
    private final Duration timeout;
    private final ScheduledExecutorService timer;
    private final Executor callbacks;
    private final Router router = new Router();
    private final List<PartitionPublisher> partitions = new CopyOnWriteArrayList<>();
    private final Semaphore room = new Semaphore(MAX_QUEUED);
    private volatile boolean closed;

    public Publisher(
            String topic, PayloadCodec codec, Duration timeout, ScheduledExecutorService timer, Executor callbacks) {
        this.topic = topic;
        this.codec = codec;
        this.timeout = timeout;
        this.timer = timer;
        this.callbacks = callbacks;
    }

    /** Adds the next partition. Keyed messages go to other partitions from then on. */
    public void add(BatchStore partition) {
        partitions.add(new PartitionPublisher(partition, timer, callbacks));
    }

    /** Ends every publish whose time is over; to be called once a second. */
    public void failOverdue() {
        partitions.forEach(PartitionPublisher::failOverdue);
    }

    @Override
    public PublishReceipt publish(OutgoingMessage<?> message, Map<String, String> carried) {
        EncodedMessage encoded = encode(message, carried);
        int partition = router.partition(encoded, partitions.size());
        Bundle bundle = new Bundle(List.of(encoded), deadline(), true);
        enter(1, true);
        send(partition, bundle, 1);
        return receipt(partition, await(bundle), 0);
    }

    @Override
    public List<PublishReceipt> publishAll(List<? extends OutgoingMessage<?>> messages, Map<String, String> carried) {
        List<EncodedMessage> encoded = new ArrayList<>(messages.size());
        Map<Integer, List<Integer>> placesByPartition = new TreeMap<>();
        for (OutgoingMessage<?> message : messages) {
            EncodedMessage one = encode(message, carried);
            placesByPartition
                    .computeIfAbsent(router.partition(one, partitions.size()), p -> new ArrayList<>())
                    .add(encoded.size());
            encoded.add(one);
        }
        long deadline = deadline();
        int permits = Math.min(encoded.size(), MAX_QUEUED);
        enter(permits, true);
        Map<Integer, Bundle> bundles = new TreeMap<>();
        placesByPartition.forEach((partition, places) -> bundles.put(
                partition, new Bundle(places.stream().map(encoded::get).toList(), deadline, true)));
        CompletableFuture.allOf(bundles.values().stream().map(Bundle::result).toArray(CompletableFuture<?>[]::new))
                .whenComplete((all, error) -> room.release(permits));
        bundles.forEach((partition, bundle) -> partitions.get(partition).enqueue(bundle));
        return List.of(awaitAll(bundles, placesByPartition, encoded.size()));
    }

    /** A batch of which one part is stored and another is not must not pass for one that is certainly not stored. */
    private PublishReceipt[] awaitAll(Map<Integer, Bundle> bundles, Map<Integer, List<Integer>> places, int count) {
        PublishReceipt[] receipts = new PublishReceipt[count];
        int stored = 0;
        PubSubException failure = null;
        for (Map.Entry<Integer, Bundle> part : bundles.entrySet()) {
            int partition = part.getKey();
            try {
                Placed placed = await(part.getValue());
                int index = 0;
                for (int place : places.getOrDefault(partition, List.of())) {
                    receipts[place] = receipt(partition, placed, index++);
                }
                stored += index;
            } catch (PubSubException e) {
                failure = failure instanceof PublishOutcomeUnknownException ? failure : e;
            }
        }
        if (failure == null) {
            return receipts;
        }
        throw stored == 0
                ? failure
                : new PublishOutcomeUnknownException(
                        "%d of %d messages are stored; of the others: %s"
                                .formatted(stored, count, failure.getMessage()),
                        failure);
    }

    @Override
    public CompletableFuture<PublishReceipt> publishAsync(OutgoingMessage<?> message, Map<String, String> carried) {
        int partition;
        Bundle bundle;
        try {
            EncodedMessage encoded = encode(message, carried);
            partition = router.partition(encoded, partitions.size());
            bundle = new Bundle(List.of(encoded), deadline(), false);
            enter(1, false);
        } catch (PublishFailedException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<PublishReceipt> receipt = bundle.result().thenApply(placed -> receipt(partition, placed, 0));
        send(partition, bundle, 1);
        return receipt;
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (!room.tryAcquire(MAX_QUEUED, timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            room.release(MAX_QUEUED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private EncodedMessage encode(OutgoingMessage<?> message, Map<String, String> carried) {
        byte[] payload;
        try {
            payload = codec.encode(message.payload());
        } catch (PayloadCodecException e) {
            throw new PublishFailedException("the message is not stored: " + e.getMessage(), e);
        }
        if (payload.length > Envelope.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException("payload for topic '%s' must have at most %d bytes but has %d"
                    .formatted(topic, Envelope.MAX_PAYLOAD_BYTES, payload.length));
        }
        return new EncodedMessage(
                payload,
                bytes(message.key()),
                HeaderCodec.encode(Envelope.headers(message, carried)),
                bytes(message.idempotencyKey()),
                time(message));
    }

    private static byte[] time(OutgoingMessage<?> message) {
        Duration delay = message.delay();
        Instant at = message.deliverAt();
        return delay != null ? PublishSteps.in(delay) : at != null ? PublishSteps.at(at) : NONE;
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? NONE : text.getBytes(StandardCharsets.UTF_8);
    }

    private long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    private void enter(int permits, boolean wait) {
        if (closed) {
            throw new PublishFailedException("the message is not stored: topic '" + topic + "' is closed", null);
        }
        try {
            if (wait ? room.tryAcquire(permits, timeout.toMillis(), TimeUnit.MILLISECONDS) : room.tryAcquire(permits)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishFailedException("the message is not stored: interrupted while waiting for room", e);
        }
        throw new PublishFailedException(
                "the message is not stored: %d messages of topic '%s' already wait to be sent"
                        .formatted(MAX_QUEUED, topic),
                null);
    }

    private void send(int partition, Bundle bundle, int permits) {
        bundle.result().whenComplete((placed, error) -> room.release(permits));
        partitions.get(partition).enqueue(bundle);
    }

    private PublishReceipt receipt(int partition, Placed placed, int index) {
        int place = placed.at() + index;
        return new PublishReceipt(
                topic, placed.batch().id(place).in(partition), placed.batch().isDuplicate(place));
    }

    /** Without a time of its own, which a thread pays for with a timer of the kernel: see {@link #failOverdue}. */
    private Placed await(Bundle bundle) {
        try {
            return bundle.result().get();
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublishOutcomeUnknownException("the message may be stored or not: interrupted", e);
        }
    }

    /** A copy whose stack trace shows the caller, not the event loop. */
    private static PubSubException rethrown(@Nullable Throwable failure) {
        String message = String.valueOf(failure == null ? null : failure.getMessage());
        return failure instanceof PublishFailedException
                ? new PublishFailedException(message, failure)
                : new PublishOutcomeUnknownException(message, failure);
    }
}
