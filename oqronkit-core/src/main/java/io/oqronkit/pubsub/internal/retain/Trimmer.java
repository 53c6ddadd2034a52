package io.oqronkit.pubsub.internal.retain;

import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.TopicRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies retention to every topic this process knows, publishers' topics included, every 5 seconds, removes what
 * shadow replays have left behind, and looks whether a topic has got more partitions. Of all processes only the first one
 * in each interval really trims a partition. Runs on one thread; a few topics at a time do not wait for one another.
 */
public final class Trimmer implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.retention");
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    /** A process that may not trim must not take the turns of those that may: its script ends only after it has begun. */
    private static final Duration REST = Duration.ofMinutes(1);

    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(4);
    /** Enough to cost little where there are hundreds, few enough that Redis is not held up where each has much to trim. */
    private static final int TOPICS_AT_ONCE = 16;

    private final TopicRegistry registry;
    private final PubSubListener events;
    private final LongSupplier nanoTime;
    private final Duration shadowSilence;
    private final List<TopicTrim> topics = new CopyOnWriteArrayList<>();
    private boolean refused;
    private long restUntilNanos;

    /** A partition of a topic, and where its groups are known. */
    public record Partition(RetentionSteps steps, AdminSteps admin) {}

    /** What holds for a topic at the moment. */
    public record Limits(Retention messages, Retention deadLetters, Duration abandonAfter) {}

    /**
     * @param registry where the topic must stay known
     * @param events hears what groups lose
     * @param shadowSilence after which a shadow replay nobody is heard of is removed
     */
    public Trimmer(TopicRegistry registry, PubSubListener events, Duration shadowSilence) {
        this(registry, events, shadowSilence, System::nanoTime);
    }

    Trimmer(TopicRegistry registry, PubSubListener events, Duration shadowSilence, LongSupplier nanoTime) {
        this.registry = registry;
        this.events = events;
        this.shadowSilence = shadowSilence;
        this.nanoTime = nanoTime;
        this.restUntilNanos = nanoTime.getAsLong();
    }

    /**
     * @param partitions there may come more of them
     * @param follow is told how many there are in Redis, which may be more
     */
    public void add(String topic, Supplier<Limits> limits, List<Partition> partitions, IntConsumer follow) {
        topics.add(new TopicTrim(topic, limits, partitions, follow, events, shadowSilence, nanoTime));
    }

    /** Groups that retention does not wait for, by topic, as seen when it was last applied. From any thread. */
    public Map<String, Set<String>> abandonedGroups() {
        Map<String, Set<String>> groups = new TreeMap<>();
        for (TopicTrim topic : topics) {
            if (!topic.abandoned().isEmpty()) {
                groups.put(topic.topic(), topic.abandoned());
            }
        }
        return groups;
    }

    /** Until interrupted. */
    @Override
    public void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(INTERVAL.toMillis());
                if (nanoTime.getAsLong() - restUntilNanos >= 0) {
                    trimAll(LEAST_INTERVAL);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** At once, whoever has trimmed when. */
    void trimNow() {
        trimAll(Duration.ZERO);
    }

    private void trimAll(Duration leastInterval) {
        List<TopicTrim> all = List.copyOf(topics);
        for (int from = 0; from < all.size(); from += TOPICS_AT_ONCE) {
            trim(all.subList(from, Math.min(all.size(), from + TOPICS_AT_ONCE)), leastInterval);
        }
    }

    private void trim(List<TopicTrim> some, Duration leastInterval) {
        Map<TopicTrim, Runnable> begun = new LinkedHashMap<>();
        some.forEach(topic -> attempt(topic, () -> begun.put(topic, topic.begin(leastInterval))));
        follow(some);
        begun.forEach((topic, finish) -> attempt(topic, () -> {
            finish.run();
            refused = false;
        }));
    }

    private void follow(List<TopicTrim> some) {
        try {
            Map<String, Integer> stored = registry.keep(
                            some.stream().collect(Collectors.toMap(TopicTrim::topic, TopicTrim::partitions)))
                    .join();
            some.forEach(topic -> follow(topic, stored.getOrDefault(topic.topic(), topic.partitions())));
        } catch (CompletionException e) {
            log.debug("it is not known how many partitions topics have", e);
        } catch (RuntimeException defect) {
            log.error("it is not known how many partitions topics have", defect);
        }
    }

    private static void follow(TopicTrim topic, int stored) {
        try {
            topic.follow(stored);
        } catch (CompletionException | PubSubException e) {
            log.debug("partitions of topic {} not followed", topic.topic(), e);
        } catch (RuntimeException defect) {
            log.error("partitions of topic {} not followed", topic.topic(), defect);
        }
    }

    /** One topic must not hold up the others. */
    private void attempt(TopicTrim topic, Runnable step) {
        try {
            step.run();
        } catch (CompletionException | RedisFailure e) {
            RedisFailure failure = RedisFailure.of(e);
            if (failure.isNotPermitted()) {
                restUntilNanos = nanoTime.getAsLong() + REST.toNanos();
            }
            if (failure.kind() == Kind.REFUSED && !refused) {
                refused = true;
                tell(topic.topic(), failure);
            }
        } catch (RuntimeException defect) {
            log.error("retention of topic {} cannot be applied", topic.topic(), defect);
        }
    }

    /** A process that only publishes may do so by its permissions. */
    private static void tell(String topic, RedisFailure failure) {
        if (failure.isNotPermitted()) {
            log.warn("retention of topic {} is left to processes that consume it: {}", topic, failure.getMessage());
        } else {
            log.error("retention of topic {} cannot be applied: {}", topic, failure.getMessage());
        }
    }
}
