package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Stores messages: {@code publish.lua}. Safe for concurrent use. */
public final class PublishSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RedisLink link;
    private final byte[][] keys;
    private final byte[] producer;
    private final byte[] idempotencyWindow;
    private final Supplier<OptionalLong> cap;

    /**
     * @param idempotencyWindow how long an idempotency key is remembered
     * @param cap how many messages the partition may hold at the moment; empty for any number
     */
    public PublishSteps(
            RedisLink link,
            PartitionKeys keys,
            String producer,
            Duration idempotencyWindow,
            Supplier<OptionalLong> cap) {
        this.link = link;
        this.keys = keys.ofPublish();
        this.producer = Bytes.of(producer);
        this.idempotencyWindow = Bytes.of(idempotencyWindow.toMillis());
        this.cap = cap;
    }

    /** One message in the form in which it is stored; key, headers and idempotency key are empty if there are none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared; see StoredEntry
    public record EncodedMessage(byte[] payload, byte[] key, byte[] headers, byte[] idempotencyKey) {
        public int size() {
            return payload.length + key.length + headers.length + idempotencyKey.length;
        }
    }

    /** All or nothing. Sent again with the same sequence it stores nothing and answers where the messages lie. */
    public CompletableFuture<StoredBatch> append(long sequence, List<EncodedMessage> messages) {
        List<byte[]> args = new ArrayList<>(5 + 3 * messages.size());
        args.add(producer);
        args.add(Bytes.of(sequence));
        args.add(Bytes.of(messages.size()));
        args.add(idempotencyWindow);
        args.add(Bytes.ofLimit(cap.get()));
        boolean keyed = false;
        for (EncodedMessage message : messages) {
            args.add(message.payload());
            args.add(message.key());
            args.add(message.headers());
            keyed |= message.idempotencyKey().length > 0;
        }
        for (int i = 0; keyed && i < messages.size(); i++) {
            byte[] key = messages.get(i).idempotencyKey();
            if (key.length > 0) {
                args.add(Bytes.of(i + 1));
                args.add(key);
            }
        }
        return Script.PUBLISH
                .run(link, TIMEOUT, keys, args.toArray(new byte[0][]))
                .thenApply(StoredBatch::of);
    }
}
