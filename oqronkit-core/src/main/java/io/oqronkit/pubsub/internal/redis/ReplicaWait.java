package io.oqronkit.pubsub.internal.redis;

import static java.util.stream.Collectors.groupingBy;

import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks a master what it has of a producer, and how many replicas have it too. WAIT blocks its connection, so it has one of
 * its own, and one round is under way at a time: questions that come meanwhile share the next one.
 *
 * <p>WAIT alone would not do: it speaks of what this connection has written to this server, which after a failover is another
 * one. HGET shows whether the server holds the producer's batch, and a write behind it on the same connection makes WAIT speak of
 * all the server holds by then. Up to Redis 7 reading was enough for that; with Redis 8 and Valkey WAIT then returns at once.
 *
 * <p>Safe for concurrent use.
 */
final class ReplicaWait {

    /** Written before each wait, in the form of what is kept of a producer; {@code trim.lua} removes it now and then. */
    private static final byte[] MARK = Bytes.of("-");

    private static final byte[] MARK_VALUE = Bytes.of("0 0 0 0");
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final RedisLink link;
    private final int wanted;
    private final Duration patience;
    private final Object lock = new Object();
    private final List<Question> waiting = new ArrayList<>(); // guarded by lock
    private boolean asking; // guarded by lock

    /** @param patience how long replicas may take */
    ReplicaWait(RedisLink link, int wanted, Duration patience) {
        this.link = link;
        this.wanted = wanted;
        this.patience = patience;
    }

    /**
     * What a master said.
     *
     * @param sequence of the producer's last batch that it holds; 0 for none
     * @param replicas how many have all that it holds
     */
    record Answer(long sequence, long replicas) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Question(byte[] producers, byte[] producer, CompletableFuture<Answer> answer) {}

    /** @param producers key of the partition's producers */
    CompletableFuture<Answer> ask(byte[] producers, byte[] producer) {
        Question question = new Question(producers, producer, new CompletableFuture<>());
        synchronized (lock) {
            waiting.add(question);
        }
        askNext();
        return question.answer();
    }

    private void askNext() {
        List<Question> round;
        synchronized (lock) {
            if (asking || waiting.isEmpty()) {
                return;
            }
            asking = true;
            round = List.copyOf(waiting);
            waiting.clear();
        }
        link.<Void>send(patience.plus(GRACE), redis -> askAll(redis, round)).whenComplete((done, error) -> {
            synchronized (lock) {
                asking = false;
            }
            if (error != null) {
                round.forEach(question -> question.answer().completeExceptionally(error));
            }
            askNext();
        });
    }

    /** In a cluster each master is asked for itself. */
    @SuppressWarnings("deprecation") // the one way from commands to the masters behind them
    private CompletionStage<Void> askAll(RedisClusterAsyncCommands<byte[], byte[]> redis, List<Question> round) {
        if (redis instanceof RedisAdvancedClusterAsyncCommands<byte[], byte[]> cluster) {
            var connection = cluster.getStatefulConnection();
            return Masters.all(
                    round.stream()
                            .collect(groupingBy(question -> Masters.of(connection, question.producers())))
                            .entrySet()
                            .stream()
                            .map(entry -> Masters.commands(connection, entry.getKey())
                                    .thenCompose(master -> askOne(master, entry.getValue())))
                            .toList());
        }
        return askOne(redis, round);
    }

    private CompletionStage<Void> askOne(RedisClusterAsyncCommands<byte[], byte[]> master, List<Question> questions) {
        List<CompletionStage<byte[]>> batches = new ArrayList<>();
        questions.forEach(question -> batches.add(master.hget(question.producers(), question.producer())));
        CompletionStage<Long> replicas = master.hset(questions.get(0).producers(), MARK, MARK_VALUE)
                .thenCombine(master.waitForReplication(wanted, patience.toMillis()), (written, count) -> count);
        List<CompletionStage<Boolean>> told = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            CompletableFuture<Answer> answer = questions.get(i).answer();
            told.add(batches.get(i)
                    .thenCombine(replicas, (batch, count) -> answer.complete(new Answer(sequence(batch), count))));
        }
        return Masters.all(told);
    }

    /** Of {@code sequence ms offset count ...}. */
    private static long sequence(byte @Nullable [] batch) {
        return batch == null ? 0 : Long.parseLong(Bytes.text(batch).split(" ", 2)[0]);
    }
}
