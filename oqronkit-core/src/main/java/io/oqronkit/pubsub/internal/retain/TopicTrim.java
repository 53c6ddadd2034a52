package io.oqronkit.pubsub.internal.retain;

import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.PubSubEvent.GroupAbandoned;
import io.oqronkit.pubsub.PubSubEvent.GroupReturned;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.Abandoning;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.Told;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.Trimmed;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.What;
import io.oqronkit.pubsub.internal.retain.Trimmer.Limits;
import io.oqronkit.pubsub.internal.retain.Trimmer.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Applies the limits of one topic and tells what groups lose by it. Runs on the trimmer's thread. */
final class TopicTrim {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.retention");

    private final String topic;
    private final Supplier<Limits> limits;
    private final List<Partition> partitions;
    private final IntConsumer follow;
    private final PubSubListener events;
    private final Duration shadowSilence;
    private final LongSupplier nanoTime;
    private final List<SilenceWatch> watches = new ArrayList<>();
    private volatile Set<String> abandoned = Set.of();
    private boolean shadowsSeen;
    private long shadowsSeenNanos;

    TopicTrim(
            String topic,
            Supplier<Limits> limits,
            List<Partition> partitions,
            IntConsumer follow,
            PubSubListener events,
            Duration shadowSilence,
            LongSupplier nanoTime) {
        this.topic = topic;
        this.limits = limits;
        this.partitions = partitions;
        this.follow = follow;
        this.events = events;
        this.shadowSilence = shadowSilence;
        this.nanoTime = nanoTime;
    }

    String topic() {
        return topic;
    }

    int partitions() {
        return partitions.size();
    }

    /** @param stored how many partitions there are in Redis */
    void follow(int stored) {
        follow.accept(stored);
    }

    /** Groups that were abandoned when this was last applied; from any thread. */
    Set<String> abandoned() {
        return abandoned;
    }

    /**
     * Asks for all partitions at once.
     *
     * @return waits for the answers, and does what follows from them
     */
    Runnable begin(Duration leastInterval) {
        Limits current = limits.get();
        List<CompletableFuture<Trimmed>> begun = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            begun.add(trim(partition, current, leastInterval));
        }
        return () -> finish(current, begun);
    }

    /** Of all partitions, though one may fail: what groups have lost on the others must be told. */
    private void finish(Limits current, List<CompletableFuture<Trimmed>> begun) {
        Round round = new Round();
        boolean shadows = shadowsAreDue();
        List<RuntimeException> failures = new ArrayList<>();
        for (int partition = 0; partition < begun.size(); partition++) {
            try {
                finish(partition, begun.get(partition).join(), current, shadows, round);
            } catch (RuntimeException failure) {
                failures.add(failure);
            }
        }
        round.log(current.abandonAfter());
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        abandoned = Set.copyOf(round.away);
    }

    private void finish(int partition, Trimmed first, Limits current, boolean shadows, Round round) {
        takeIn(partition, first, round);
        for (Trimmed last = first; last.more(); takeIn(partition, last, round)) {
            last = trim(partition, current, Duration.ZERO).join();
        }
        trimDeadLetters(partition, current.deadLetters());
        if (shadows) {
            removeShadows(partitions.get(partition));
        }
    }

    private CompletableFuture<Trimmed> trim(int partition, Limits limits, Duration leastInterval) {
        if (partition == watches.size()) {
            watches.add(new SilenceWatch(nanoTime));
        }
        Abandoning abandoning =
                new Abandoning(limits.abandonAfter(), watches.get(partition).seenBefore());
        return partitions.get(partition).steps().trim(limits.messages(), abandoning, leastInterval);
    }

    private void takeIn(int partition, Trimmed trimmed, Round round) {
        if (trimmed.applied()) {
            watches.get(partition).saw(trimmed.groups(What.SILENT));
        }
        trimmed.told().forEach(told -> round.hear(partition, told));
    }

    private void trimDeadLetters(int partition, Retention retention) {
        if (retention.equals(Retention.forever())) {
            return;
        }
        Partition one = partitions.get(partition);
        for (String group : one.admin().groups()) {
            long removed = one.steps().trimDeadLetters(group, retention).join();
            if (removed > 0) {
                log.warn("retention removed {} dead letters of group {} of topic {}", removed, group, topic);
                dropped(partition, group, removed, DropReason.DEAD_LETTER_RETENTION);
            }
        }
    }

    /** They are rare, and removed after minutes: no need to look with each round. */
    private boolean shadowsAreDue() {
        long now = nanoTime.getAsLong();
        if (shadowsSeen && now - shadowsSeenNanos < shadowSilence.toNanos() / 10) {
            return false;
        }
        shadowsSeen = true;
        shadowsSeenNanos = now;
        return true;
    }

    /** Of processes that died while they replayed; such a group would hold the topic's messages for long. */
    private void removeShadows(Partition partition) {
        for (String group : partition.admin().shadows()) {
            if (partition.steps().removeShadow(group, shadowSilence).join()) {
                log.warn("shadow replay {} of topic {} is removed: its process is gone", group, topic);
            }
        }
    }

    private void dropped(int partition, String group, long count, DropReason reason) {
        events.onEvent(new MessagesDropped(topic, group, partition, count, reason, Instant.now()));
    }

    /** What was heard of groups over all partitions in one go: a group that leaves or returns is one log line. */
    private final class Round {
        final Set<String> away = new HashSet<>();
        final Map<String, Long> lagOfAbandoned = new TreeMap<>();
        final Map<String, Long> lossOfReturned = new TreeMap<>();

        void hear(int partition, Told told) {
            String group = told.group();
            switch (told.what()) {
                case AWAY -> away.add(group);
                case ABANDONED -> {
                    away.add(group);
                    lagOfAbandoned.merge(group, told.number(), Long::sum);
                    events.onEvent(new GroupAbandoned(topic, group, partition, told.number(), Instant.now()));
                }
                case RETURNED -> {
                    lossOfReturned.merge(group, told.number(), Long::sum);
                    events.onEvent(new GroupReturned(topic, group, partition, told.number(), Instant.now()));
                }
                case DROPPED -> lost(partition, told, DropReason.RETENTION);
                case CAPPED -> lost(partition, told, DropReason.CAP);
                case SILENT -> log.debug("group {} of topic {} is silent", group, topic);
            }
        }

        /** The loss of an abandoned group is logged as one number when it returns, not every 5 seconds for weeks. */
        private void lost(int partition, Told told, DropReason reason) {
            dropped(partition, told.group(), told.number(), reason);
            if (!away.contains(told.group())) {
                log.warn(
                        "{} of topic {} removed {} messages that group {} had not finished",
                        reason == DropReason.CAP ? "the cap" : "retention",
                        topic,
                        told.number(),
                        told.group());
            }
        }

        void log(Duration abandonAfter) {
            lagOfAbandoned.forEach((group, lag) -> log.warn(
                    "group {} of topic {} is abandoned: for {} nobody has consumed for it; retention no longer waits for its {} unread messages",
                    group,
                    topic,
                    abandonAfter,
                    lag));
            lossOfReturned.forEach((group, lost) -> log.warn(
                    "group {} of topic {} is consumed again; it lost {} messages while it was abandoned",
                    group,
                    topic,
                    lost));
        }
    }
}
