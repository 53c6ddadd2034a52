package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Stores messages: {@code publish.lua}. Safe for concurrent use. */
public final class PublishSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RedisLink link;
    private final byte[][] keys;
    private final byte[] producer;
    private final byte[] idempotencyWindow;

    /** @param idempotencyWindow how long an idempotency key is remembered */
    public PublishSteps(RedisLink link, PartitionKeys keys, String producer, Duration idempotencyWindow) {
        this.link = link;
        this.keys = keys.ofPublish();
        this.producer = Bytes.of(producer);
        this.idempotencyWindow = Bytes.of(idempotencyWindow.toMillis());
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
        List<byte[]> args = new ArrayList<>(4 + 3 * messages.size());
        args.add(producer);
        args.add(Bytes.of(sequence));
        args.add(Bytes.of(messages.size()));
        args.add(idempotencyWindow);
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
