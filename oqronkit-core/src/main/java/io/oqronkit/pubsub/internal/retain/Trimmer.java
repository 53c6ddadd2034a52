package io.oqronkit.pubsub.internal.retain;

import io.oqronkit.pubsub.PubSubEvent.DropReason;
import io.oqronkit.pubsub.PubSubEvent.MessagesDropped;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.RetentionSteps.Trimmed;
import io.oqronkit.pubsub.internal.redis.TopicRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies retention to every topic this process knows, publishers' topics included, every 5 seconds. Of all processes
 * only the first one in each interval really trims a partition. Runs on one thread.
 */
public final class Trimmer implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.retention");
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(4);

    private final TopicRegistry registry;
    private final PubSubListener events;
    private final List<TopicTrim> topics = new CopyOnWriteArrayList<>();
    private boolean refused;

    /** A partition of a topic, and where its groups are known. */
    public record Partition(RetentionSteps steps, AdminSteps admin) {}

    private record TopicTrim(String topic, Supplier<Limits> limits, List<Partition> partitions) {}

    /** What holds for a topic at the moment. */
    public record Limits(Retention messages, Retention deadLetters) {}

    /**
     * @param registry where the topic must stay known
     * @param events hears what groups lose
     */
    public Trimmer(TopicRegistry registry, PubSubListener events) {
        this.registry = registry;
        this.events = events;
    }

    public void add(String topic, Supplier<Limits> limits, List<Partition> partitions) {
        topics.add(new TopicTrim(topic, limits, partitions));
    }

    /** Until interrupted. */
    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL.toMillis());
                topics.forEach(this::trim);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void trim(TopicTrim topic) {
        registry.keep(topic.topic(), topic.partitions().size());
        try {
            Limits limits = topic.limits().get();
            for (Partition partition : topic.partitions()) {
                trimMessages(topic, partition, limits.messages());
                trimDeadLetters(topic, partition, limits.deadLetters());
            }
            refused = false;
        } catch (CompletionException | RedisFailure e) {
            RedisFailure failure = RedisFailure.of(e);
            if (failure.kind() == Kind.REFUSED && !refused) {
                refused = true;
                log.error("retention of topic {} cannot be applied: {}", topic.topic(), failure.getMessage());
            }
        } catch (RuntimeException defect) {
            log.error("retention of topic {} cannot be applied", topic.topic(), defect);
        }
    }

    private void trimMessages(TopicTrim topic, Partition partition, Retention retention) {
        Duration interval = LEAST_INTERVAL;
        Trimmed trimmed;
        do {
            trimmed = partition.steps().trim(retention, interval).join();
            trimmed.lost().forEach((group, lost) -> {
                log.warn(
                        "retention of topic {} removed {} messages that group {} had not finished",
                        topic.topic(),
                        lost,
                        group);
                tell(topic, partition, group, lost, DropReason.RETENTION);
            });
            interval = Duration.ZERO;
        } while (trimmed.more());
    }

    private void trimDeadLetters(TopicTrim topic, Partition partition, Retention retention) {
        if (retention.equals(Retention.forever())) {
            return;
        }
        for (String group : partition.admin().groups()) {
            long removed = partition.steps().trimDeadLetters(group, retention).join();
            if (removed > 0) {
                log.warn("retention removed {} dead letters of group {} of topic {}", removed, group, topic.topic());
                tell(topic, partition, group, removed, DropReason.DEAD_LETTER_RETENTION);
            }
        }
    }

    private void tell(TopicTrim topic, Partition partition, String group, long count, DropReason reason) {
        int number = topic.partitions().indexOf(partition);
        events.onEvent(new MessagesDropped(topic.topic(), group, number, count, reason, Instant.now()));
    }
}
