package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.Range.Boundary;
import io.lettuce.core.StreamMessage;
import io.oqronkit.pubsub.MessageId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The dead letters of one partition, and their way back: {@code redrive.lua}. Safe for concurrent use; every method
 * waits for the answer.
 */
public final class DeadLetterSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final RedisLink link;
    private final PartitionKeys partition;

    public DeadLetterSteps(RedisLink control, PartitionKeys partition) {
        this.link = control;
        this.partition = partition;
    }

    /**
     * A dead letter as it is stored.
     *
     * @param entry its id among the dead letters
     * @param redrives how often it had been redriven before it died
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared; see StoredEntry
    public record StoredDeadLetter(
            String entry,
            MessageId id,
            int attempts,
            String cause,
            byte[] key,
            byte[] payload,
            byte[] headers,
            int redrives) {

        public Instant at() {
            return Instant.ofEpochMilli(EntryId.parse(Bytes.of(entry)).ms());
        }
    }

    public List<StoredDeadLetter> oldest(String group, int limit) {
        return range(group, Range.unbounded(), limit);
    }

    /** Those behind {@code after} up to and with {@code last}, oldest first; both are ids among the dead letters. */
    public List<StoredDeadLetter> page(String group, String after, String last, int limit) {
        return range(group, Range.from(Boundary.excluding(after), Boundary.including(last)), limit);
    }

    /** Id of the dead letter that came last. */
    public Optional<String> newest(String group) {
        return backwards(group, 1).stream().map(StreamMessage::getId).findFirst();
    }

    public List<StoredDeadLetter> newest(String group, int limit) {
        return backwards(group, limit).stream().map(this::deadLetter).toList();
    }

    /** Gives one back; false if it is not there. */
    public boolean redrive(String group, MessageId id) {
        return redrive(group, List.of(Bytes.of("one"), Bytes.of(EntryId.of(id).toString()))) == 1;
    }

    /** Gives these back, named by their ids among the dead letters; answers how many were still there. */
    public long redrive(String group, Iterable<String> entries) {
        List<byte[]> args = new ArrayList<>(List.of(Bytes.of("these")));
        entries.forEach(entry -> args.add(Bytes.of(entry)));
        return redrive(group, args);
    }

    private long redrive(String group, List<byte[]> args) {
        return Bytes.number(
                await(Script.REDRIVE.run(link, TIMEOUT, partition.ofGroup(group), args.toArray(byte[][]::new)))
                        .get(0));
    }

    private List<StoredDeadLetter> range(String group, Range<String> range, int limit) {
        List<StreamMessage<byte[], byte[]>> entries = await(link.<List<StreamMessage<byte[], byte[]>>>send(
                TIMEOUT, redis -> redis.xrange(partition.deadLetters(group), range, Limit.from(limit))));
        return entries.stream().map(this::deadLetter).toList();
    }

    private List<StreamMessage<byte[], byte[]>> backwards(String group, int limit) {
        return await(link.<List<StreamMessage<byte[], byte[]>>>send(
                TIMEOUT, redis -> redis.xrevrange(partition.deadLetters(group), Range.unbounded(), Limit.from(limit))));
    }

    private StoredDeadLetter deadLetter(StreamMessage<byte[], byte[]> entry) {
        Iterator<byte[]> values = entry.getBody().values().iterator(); // in the order of dead.lua: p k h i a c n
        byte[] payload = values.next();
        byte[] key = values.next();
        byte[] headers = values.next();
        return new StoredDeadLetter(
                entry.getId(),
                EntryId.parse(values.next()).in(partition.partition()),
                (int) Bytes.number(values.next()),
                Bytes.text(values.next()),
                key,
                payload,
                headers,
                values.hasNext() ? (int) Bytes.number(values.next()) : 0);
    }

    private static <R> R await(CompletableFuture<R> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw RedisFailure.of(e);
        }
    }
}
