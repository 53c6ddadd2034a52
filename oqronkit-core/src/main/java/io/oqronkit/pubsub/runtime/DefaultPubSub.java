package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.Configuration;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.redis.NewPartitions;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.Replication;
import io.oqronkit.pubsub.internal.redis.TopicRegistry;
import io.oqronkit.pubsub.internal.retain.Trimmer;
import io.oqronkit.pubsub.internal.retain.Trimmer.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics and ends everything. Safe for concurrent use. */
final class DefaultPubSub implements PubSub {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub");

    private final RedisLinks links;
    private final Replication replication;
    private final Settings settings;
    private final Instance instance;
    private final Subscriptions subscriptions;
    private final ShadowReplays shadows;
    private final TopicRegistry registry;
    private final Trimmer trimmer;
    private final Thread trimming;
    private final ExecutorService callbacks;
    private final Map<String, TopicRuntime> topics = new ConcurrentSkipListMap<>(); // changed under its own lock
    private boolean closed; // guarded by topics

    /** What the builder collected. */
    record Settings(
            String keyPrefix,
            Duration publishTimeout,
            PayloadCodec codec,
            Configuration configuration,
            Duration shadowSilence) {}

    DefaultPubSub(RedisLinks links, Replication replication, Settings settings, Instance instance) {
        this.links = links;
        this.replication = replication;
        this.settings = settings;
        this.instance = instance;
        this.registry = new TopicRegistry(links.control(), settings.keyPrefix());
        this.subscriptions = new Subscriptions(links, settings.codec(), settings.configuration(), instance);
        this.shadows = new ShadowReplays(links, settings.codec(), instance);
        this.callbacks = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "oqronkit-published");
            thread.setDaemon(true);
            return thread;
        });
        this.trimmer = new Trimmer(registry, instance.events(), settings.shadowSilence());
        this.trimming = new Thread(trimmer, "oqronkit-retention");
        trimming.setDaemon(true);
        trimming.start();
        links.timer().scheduleWithFixedDelay(this::failOverduePublishes, 1, 1, TimeUnit.SECONDS);
    }

    /** On the timer, which must not wait for a lock under which topics are opened. */
    private void failOverduePublishes() {
        topics.values().forEach(TopicRuntime::failOverduePublishes);
    }

    @Override
    public <T> Topic<T> topic(String name, Class<T> type) {
        return topic(settings.configuration().topic(name, type));
    }

    @Override
    public <T> Topic<T> topic(TopicSpec<T> spec) {
        requireOpen();
        int partitions = partitions(spec);
        TopicRuntime runtime;
        synchronized (topics) {
            requireOpen();
            runtime = topics.computeIfAbsent(spec.name(), name -> create(spec, partitions));
            runtime.spec().set(spec);
        }
        grow(runtime, partitions);
        return view(spec, runtime);
    }

    /** A topic that has grown since it was opened here may be opened again with the number of then. */
    private int partitions(TopicSpec<?> spec) {
        TopicRuntime open;
        synchronized (topics) {
            open = topics.get(spec.name());
        }
        int here = open == null ? 0 : open.partitions().size();
        OptionalInt wanted = spec.partitions().orElse(0) < here ? OptionalInt.empty() : spec.partitions();
        return registry.partitions(
                spec.name(),
                wanted,
                stored ->
                        NewPartitions.prepare(links, settings.keyPrefix(), spec.name(), stored, wanted.orElse(stored)));
    }

    /** Takes on the partitions that a topic has by now; its subscriptions too, where they have not yet. */
    private void follow(TopicRuntime runtime, int partitions) {
        grow(runtime, partitions);
        subscriptions.follow(runtime);
    }

    private void grow(TopicRuntime runtime, int partitions) {
        int before = runtime.partitions().size();
        if (partitions > before) {
            runtime.growTo(partitions);
            log.info("topic {} has {} partitions, until now {}", runtime.name(), partitions, before);
        }
    }

    private <T> Topic<T> view(TopicSpec<T> spec, TopicRuntime runtime) {
        return new DefaultTopic<>(spec, runtime, subscriptions, shadows);
    }

    private void requireOpen() {
        synchronized (topics) {
            if (closed) {
                throw new IllegalStateException("this PubSub is closed");
            }
        }
    }

    private TopicRuntime create(TopicSpec<?> spec, int partitions) {
        CurrentSpec current = new CurrentSpec(spec);
        TopicRuntime runtime = new TopicRuntime(current, settings, links, replication, instance, callbacks);
        runtime.growTo(partitions);
        trimmer.add(spec.name(), () -> limits(current.get()), runtime.trimmed(), stored -> follow(runtime, stored));
        instance.watch().opened(runtime.admin());
        return runtime;
    }

    private static Limits limits(TopicSpec<?> spec) {
        return new Limits(
                spec.retention(),
                spec.deadLetter().retention(),
                spec.retention().abandonAfter());
    }

    @Override
    public List<Topic<?>> topics() {
        synchronized (topics) {
            return topics.values().stream()
                    .<Topic<?>>map(runtime -> view(runtime.spec().get(), runtime))
                    .toList();
        }
    }

    @Override
    public Optional<String> redisOutage() {
        return links.outage();
    }

    @Override
    public List<Subscription> subscriptions() {
        return subscriptions.running();
    }

    @Override
    public Map<String, Set<String>> abandonedGroups() {
        return trimmer.abandonedGroups();
    }

    @Override
    public Optional<String> durabilityShortfall() {
        return replication.shortfall();
    }

    @Override
    public Optional<String> durabilityWarning() {
        return replication.warning();
    }

    @Override
    public void close() {
        List<TopicRuntime> all;
        synchronized (topics) {
            if (closed) {
                return;
            }
            closed = true;
            all = List.copyOf(topics.values());
        }
        CompletableFuture.allOf(Stream.<Runnable>concat(
                                subscriptions.running().stream().map(subscription -> subscription::close),
                                shadows.running().stream().map(replay -> replay::close))
                        .map(close ->
                                CompletableFuture.runAsync(close, task -> new Thread(task, "oqronkit-close").start()))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        all.forEach(topic -> topic.publisher().close());
        trimming.interrupt();
        instance.watch().close();
        callbacks.shutdown();
        replication.close();
        links.close();
        instance.events().close();
    }
}
