package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.Configuration;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import io.oqronkit.pubsub.internal.publish.Publisher;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.PublishSteps;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.Replication;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.ScheduleSteps;
import io.oqronkit.pubsub.internal.redis.Shares;
import io.oqronkit.pubsub.internal.redis.TopicRegistry;
import io.oqronkit.pubsub.internal.retain.Trimmer;
import io.oqronkit.pubsub.internal.retain.Trimmer.Limits;
import io.oqronkit.pubsub.internal.schedule.DueMover;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Creates topics and ends everything. Safe for concurrent use. */
final class DefaultPubSub implements PubSub {

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
    private final Map<String, TopicRuntime> topics = new TreeMap<>(); // guarded by itself
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
    }

    @Override
    public <T> Topic<T> topic(String name, Class<T> type) {
        return topic(settings.configuration().topic(name, type));
    }

    @Override
    public <T> Topic<T> topic(TopicSpec<T> spec) {
        requireOpen();
        int partitions = registry.partitions(spec.name(), spec.partitions());
        synchronized (topics) {
            requireOpen();
            TopicRuntime runtime = topics.computeIfAbsent(spec.name(), name -> create(spec, partitions));
            runtime.spec().set(spec);
            return view(spec, runtime);
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

    private TopicRuntime create(TopicSpec<?> spec, int count) {
        CurrentSpec current = new CurrentSpec(spec);
        List<PartitionKeys> partitions = IntStream.range(0, count)
                .mapToObj(partition -> new PartitionKeys(settings.keyPrefix(), spec.name(), partition))
                .toList();
        Publisher publisher = new Publisher(
                spec.name(),
                settings.codec(),
                settings.publishTimeout(),
                partitions.stream()
                        .map(keys -> publishing(current, keys, count))
                        .toList(),
                links.timer(),
                callbacks);
        List<AdminSteps> admin = partitions.stream()
                .map(keys -> new AdminSteps(links.control(), keys))
                .toList();
        trimmer.add(
                spec.name(),
                () -> limits(current.get()),
                IntStream.range(0, count)
                        .mapToObj(partition -> new Trimmer.Partition(
                                new RetentionSteps(links.control(), partitions.get(partition), count),
                                admin.get(partition)))
                        .toList());
        TopicRuntime runtime = new TopicRuntime(
                spec.name(),
                partitions,
                instance.watch().over(publisher, spec.name()),
                admin(current, partitions, admin),
                current);
        instance.watch().opened(runtime.admin());
        return runtime;
    }

    private DefaultTopicAdmin admin(CurrentSpec current, List<PartitionKeys> partitions, List<AdminSteps> admin) {
        return new DefaultTopicAdmin(
                current.get().name(),
                admin,
                partitions.stream()
                        .map(keys -> new DeadLetterSteps(links.control(), keys))
                        .toList(),
                current::get);
    }

    /** The steps that store messages, and the moving of those that they schedule. */
    private BatchStore publishing(CurrentSpec current, PartitionKeys keys, int partitions) {
        TopicSpec<?> spec = current.get();
        ScheduleSteps schedule = new ScheduleSteps(links.control(), keys, spec.idempotencyWindow());
        DueMover mover = new DueMover(keys.toString(), schedule, links.timer());
        mover.start();
        links.lookout().add(mover);
        PublishSteps steps = new PublishSteps(
                links.commands(),
                keys,
                instance.name(),
                spec.idempotencyWindow(),
                () -> Shares.of(current.get().retention(), partitions).reject(),
                mover::expect);
        return instance.watch().over(replication.guard(steps, keys, instance.name()), spec.name());
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
