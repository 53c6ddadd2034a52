package io.oqronkit.pubsub.internal.admin;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.DeliveryState;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.Redrive;
import io.oqronkit.pubsub.RedriveResult;
import io.oqronkit.pubsub.ShadowReplayStats;
import io.oqronkit.pubsub.TopicAdmin;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.TopicStats;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Figures;
import io.oqronkit.pubsub.internal.redis.AdminSteps.Outlook;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every partition and adds up. Safe for concurrent use. */
public final class DefaultTopicAdmin implements TopicAdmin {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.admin");
    private static final int MOST_DEAD_LETTERS = 10_000;

    private final String topic;
    private final List<AdminSteps> partitions;
    private final List<DeadLetterSteps> deadLetters;
    private final Supplier<TopicSpec<?>> spec;

    /** @param spec what holds for the topic at the moment */
    public DefaultTopicAdmin(
            String topic, List<AdminSteps> partitions, List<DeadLetterSteps> deadLetters, Supplier<TopicSpec<?>> spec) {
        this.topic = topic;
        this.partitions = partitions;
        this.deadLetters = deadLetters;
        this.spec = spec;
    }

    public String topic() {
        return topic;
    }

    @Override
    public TopicStats stats() {
        return asking(() -> {
            long messages = 0;
            long scheduled = 0;
            Set<String> groups = new TreeSet<>();
            Set<String> shadows = new TreeSet<>();
            for (AdminSteps partition : partitions) {
                messages += partition.messages();
                scheduled += partition.scheduled();
                groups.addAll(partition.groups());
                shadows.addAll(partition.shadows());
            }
            Map<String, GroupStats> stats = new LinkedHashMap<>();
            LossForecast forecast = new LossForecast(spec.get().retention(), partitions.size());
            groups.forEach(group -> stats.put(group, stats(group, forecast)));
            Map<String, ShadowReplayStats> replays = new LinkedHashMap<>();
            shadows.forEach(shadow -> replays.put(shadow, shadowReplay(stats(shadow, forecast))));
            return new TopicStats(topic, messages, scheduled, partitions.size(), stats, replays);
        });
    }

    private static ShadowReplayStats shadowReplay(GroupStats figures) {
        return new ShadowReplayStats(figures.lag(), figures.pending(), figures.parked(), figures.dropped());
    }

    private GroupStats stats(String group, LossForecast forecast) {
        long lag = 0;
        long pending = 0;
        long parked = 0;
        long deadLetters = 0;
        long dropped = 0;
        boolean paused = false;
        boolean abandoned = false;
        List<Duration> timesToLoss = new ArrayList<>();
        Set<String> consumers = new HashSet<>();
        for (AdminSteps partition : partitions) {
            Figures figures = partition.figures(group, forecast.mayDrop()).orElse(Figures.NONE);
            lag += figures.lag();
            pending += figures.pending();
            parked += figures.parked();
            deadLetters += figures.deadLetters();
            dropped += figures.dropped();
            consumers.addAll(figures.consumers());
            paused |= figures.paused();
            abandoned |= figures.abandoned();
            forecast.timeToLoss(figures).ifPresent(timesToLoss::add);
        }
        return new GroupStats(
                lag,
                pending,
                parked,
                deadLetters,
                dropped,
                consumers.size(),
                paused,
                abandoned,
                timesToLoss.stream().min(Comparator.naturalOrder()));
    }

    /** How old the oldest message in the log is that the group has not finished; zero if it has finished all of them. */
    public Duration oldestUnfinishedAge(String group) {
        return asking(() -> partitions.stream()
                .flatMap(partition -> partition.figures(group, true).flatMap(Figures::outlook).stream())
                .map(Outlook::age)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO));
    }

    @Override
    public void pause(String group) {
        asking(() -> {
            requireGroup(group);
            partitions.forEach(partition -> partition.pause(group));
            log.info("group {} of topic {} is paused", group, topic);
            return true;
        });
    }

    @Override
    public void resume(String group) {
        asking(() -> {
            requireGroup(group);
            partitions.forEach(partition -> partition.resume(group));
            log.info("group {} of topic {} is resumed", group, topic);
            return true;
        });
    }

    @Override
    public boolean skip(String group, MessageId id) {
        return asking(() -> {
            requireGroup(group);
            boolean skipped = id.partition() < partitions.size()
                    && partitions.get(id.partition()).skip(group, id);
            if (skipped) {
                log.info("group {} of topic {} skips {}", group, topic, id);
            }
            return skipped;
        });
    }

    @Override
    public long purge() {
        return asking(() -> {
            long removed = partitions.stream().mapToLong(AdminSteps::purge).sum();
            log.info("topic {} is purged of {} messages", topic, removed);
            return removed;
        });
    }

    @Override
    public void deleteGroup(String group) {
        asking(() -> {
            requireGroup(group);
            partitions.forEach(partition -> partition.deleteGroup(group));
            log.info("group {} of topic {} is deleted", group, topic);
            return true;
        });
    }

    @Override
    public Map<String, DeliveryState> delivery(MessageId id) {
        return asking(() -> {
            Map<String, DeliveryState> states = new LinkedHashMap<>();
            if (isInTheLog(id)) {
                AdminSteps partition = partitions.get(id.partition());
                for (String group : partition.groups()) {
                    partition.delivery(group, id).ifPresent(state -> states.put(group, state));
                }
            }
            return states;
        });
    }

    private boolean isInTheLog(MessageId id) {
        return id.partition() < partitions.size() && id.offset() >= 0;
    }

    /** False if the message is not scheduled, or no longer. */
    public boolean cancel(MessageId id) {
        return asking(() -> id.partition() < partitions.size()
                && id.offset() < 0
                && partitions.get(id.partition()).cancel(id));
    }

    @Override
    public List<DeadLetter> deadLetters(String group, int limit) {
        requireLimit(limit);
        return asking(() -> deadLettersOf(group).oldest(limit));
    }

    @Override
    public List<DeadLetter> newestDeadLetters(String group, int limit) {
        requireLimit(limit);
        return asking(() -> deadLettersOf(group).newest(limit));
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > MOST_DEAD_LETTERS) {
            throw new IllegalArgumentException(
                    "limit must be between 1 and %d but was %d".formatted(MOST_DEAD_LETTERS, limit));
        }
    }

    @Override
    public boolean redrive(String group, MessageId id) {
        return asking(() -> deadLettersOf(group).redrive(id));
    }

    @Override
    public long redriveAll(String group) {
        return redrive(group, Redrive.all()).moved();
    }

    @Override
    public RedriveResult redrive(String group, Redrive redrive) {
        return asking(() ->
                deadLettersOf(group).redrive(redrive, spec.get().deadLetter().maxRedrives()));
    }

    private GroupDeadLetters deadLettersOf(String group) {
        requireGroup(group);
        return new GroupDeadLetters(group, deadLetters);
    }

    /** Moves a group on every partition. */
    public void replay(String group, Position position) {
        asking(() -> {
            boolean known = false;
            for (AdminSteps partition : partitions) {
                known |= partition.replay(group, position);
            }
            return known ? known : requireGroup(group);
        });
    }

    private boolean requireGroup(String group) {
        Set<String> groups = new TreeSet<>();
        partitions.forEach(partition -> groups.addAll(partition.groups()));
        if (!groups.contains(group)) {
            throw new IllegalArgumentException(
                    "topic '%s' has no group '%s'; its groups are %s".formatted(topic, group, groups));
        }
        return true;
    }

    private static <R> R asking(Supplier<R> question) {
        try {
            return question.get();
        } catch (RedisFailure failure) {
            throw new PubSubException("Redis did not do it: " + failure.getMessage(), failure);
        }
    }
}
