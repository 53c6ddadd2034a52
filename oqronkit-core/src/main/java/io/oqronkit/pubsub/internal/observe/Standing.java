package io.oqronkit.pubsub.internal.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.TopicStats;
import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where the groups of one topic stood when last asked, as gauges; NaN while Redis does not say. One thread asks, any
 * thread looks.
 */
final class Standing {

    /** What the gauges of a group show. */
    private record Figures(GroupStats stats, Duration oldest) {}

    /** The gauges of a group, which go when the group does. */
    private static final class Group {
        private final List<Gauge> gauges = new ArrayList<>();
        private volatile @Nullable Figures figures;

        void add(Measure measure, MeterRegistry registry, ToDoubleFunction<Figures> value, String... tags) {
            gauges.add(measure.gauge(registry, this, group -> known(group.figures, value), tags));
        }
    }

    private final MeterRegistry registry;
    private final DefaultTopicAdmin admin;
    private final Gauge scheduled;
    private final Map<String, Group> groups = new HashMap<>();
    private volatile @Nullable TopicStats topic;

    Standing(MeterRegistry registry, DefaultTopicAdmin admin) {
        this.registry = registry;
        this.admin = admin;
        this.scheduled =
                Measure.SCHEDULED.gauge(registry, this, it -> known(it.topic, TopicStats::scheduled), admin.topic());
    }

    private static <F> double known(@Nullable F figures, ToDoubleFunction<F> value) {
        return figures == null ? Double.NaN : value.applyAsDouble(figures);
    }

    /** Waits for Redis. */
    void refresh() {
        try {
            TopicStats stats = admin.stats();
            topic = stats;
            keepOnly(stats.groups().keySet());
            stats.groups().forEach(this::refresh);
        } catch (RuntimeException away) {
            topic = null;
            groups.values().forEach(group -> group.figures = null);
            throw away;
        }
    }

    private void refresh(String name, GroupStats stats) {
        Duration oldest = stats.backlog() == 0 ? Duration.ZERO : admin.oldestUnfinishedAge(name);
        groups.computeIfAbsent(name, this::gauges).figures = new Figures(stats, oldest);
    }

    private Group gauges(String name) {
        Group group = new Group();
        group.add(Measure.LAG, registry, figures -> figures.stats().lag(), admin.topic(), name);
        group.add(Measure.PENDING, registry, figures -> figures.stats().pending(), admin.topic(), name);
        group.add(Measure.PARKED, registry, figures -> figures.stats().parked(), admin.topic(), name);
        group.add(Measure.BACKLOG, registry, figures -> figures.stats().backlog(), admin.topic(), name);
        group.add(Measure.DEAD_LETTERS, registry, figures -> figures.stats().deadLetters(), admin.topic(), name);
        group.add(
                Measure.OLDEST_UNFINISHED_AGE,
                registry,
                figures -> figures.oldest().toMillis() / 1_000.0,
                admin.topic(),
                name);
        return group;
    }

    private void keepOnly(Set<String> live) {
        groups.entrySet().removeIf(entry -> {
            boolean gone = !live.contains(entry.getKey());
            if (gone) {
                entry.getValue().gauges.forEach(registry::remove);
            }
            return gone;
        });
    }

    /** Nobody will ask any more. */
    void close() {
        keepOnly(Set.of());
        registry.remove(scheduled);
    }
}
