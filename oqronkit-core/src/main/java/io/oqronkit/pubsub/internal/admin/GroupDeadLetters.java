package io.oqronkit.pubsub.internal.admin;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Redrive;
import io.oqronkit.pubsub.RedriveResult;
import io.oqronkit.pubsub.internal.json.Envelope;
import io.oqronkit.pubsub.internal.json.HeaderCodec;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps.StoredDeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The dead letters of one group, over all partitions: shown, and given back. Works on the caller's thread. */
final class GroupDeadLetters {

    private final String group;
    private final List<DeadLetterSteps> partitions;

    GroupDeadLetters(String group, List<DeadLetterSteps> partitions) {
        this.group = group;
        this.partitions = partitions;
    }

    List<DeadLetter> oldest(int limit) {
        return first(limit, Comparator.comparing(DeadLetter::at), partition -> partition.oldest(group, limit));
    }

    List<DeadLetter> newest(int limit) {
        return first(
                limit, Comparator.comparing(DeadLetter::at).reversed(), partition -> partition.newest(group, limit));
    }

    private List<DeadLetter> first(
            int limit, Comparator<DeadLetter> order, Function<DeadLetterSteps, List<StoredDeadLetter>> ofPartition) {
        return partitions.stream()
                .flatMap(partition -> ofPartition.apply(partition).stream())
                .map(GroupDeadLetters::decoded)
                .sorted(order)
                .limit(limit)
                .toList();
    }

    boolean redrive(MessageId id) {
        return id.partition() < partitions.size()
                && partitions.get(id.partition()).redrive(group, id);
    }

    /** Where each partition ends is asked before the first one is worked on: what dies from then on stays. */
    RedriveResult redrive(Redrive redrive, int maxRedrives) {
        List<Optional<String>> ends =
                partitions.stream().map(partition -> partition.newest(group)).toList();
        RedriveRun run = new RedriveRun(redrive, maxRedrives);
        for (int i = 0; i < ends.size(); i++) {
            DeadLetterSteps partition = partitions.get(i);
            ends.get(i).ifPresent(end -> run.over(partition, group, end));
        }
        return run.result();
    }

    static DeadLetter decoded(StoredDeadLetter stored) {
        String key = stored.key().length == 0 ? null : new String(stored.key(), StandardCharsets.UTF_8);
        return new DeadLetter(
                stored.id(),
                stored.attempts(),
                stored.redrives(),
                stored.cause(),
                key,
                stored.payload(),
                Envelope.users(HeaderCodec.decodeLeniently(stored.headers())),
                stored.at());
    }
}
