package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionState;
import io.oqronkit.pubsub.internal.deliver.DeadlineKeeper;
import io.oqronkit.pubsub.internal.deliver.DeliveryRules;
import io.oqronkit.pubsub.internal.deliver.GroupEvents;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.read.Feed;
import io.oqronkit.pubsub.internal.read.PartitionReader;
import io.oqronkit.pubsub.internal.reclaim.Reclaimer;
import io.oqronkit.pubsub.internal.redis.GroupSteps;
import io.oqronkit.pubsub.internal.redis.Lookout;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisLink;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.runtime.OrderedSharing.Place;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription at work: for each partition a reader thread with a connection of its own; for all of them the workers,
 * one thread that keeps ack deadlines and one that shares with other processes ({@link Sharing}). It takes on partitions that the
 * topic gets meanwhile. Whoever calls {@link #start} starts these threads,
 * {@link #close} ends them.
 */
final class RunningSubscription implements Subscription {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub");
    private static final Duration SETTLE_TIME = Duration.ofSeconds(2);

    private final DeliveryRules<?> rules;
    private final SubscriptionSettings settings;
    private final Instance instance;
    private final Runnable onClosed;
    private final String name;
    private final List<GroupPartition> partitions;
    private final Workers workers;
    private final Sharing sharing;
    private final Thread deadlineKeeper;
    private final Readers readers = new Readers(this::reader, this::thread);
    private @Nullable Presence presence;
    private boolean paused; // guarded by this
    private boolean closed; // guarded by this

    private RunningSubscription(
            DeliveryRules<?> rules,
            SubscriptionSettings settings,
            List<GroupPartition> partitions,
            Instance instance,
            Runnable onClosed,
            Function<RunningSubscription, Sharing> sharing) {
        this.rules = rules;
        this.settings = settings;
        this.partitions = new CopyOnWriteArrayList<>(partitions);
        this.instance = instance;
        this.onClosed = onClosed;
        this.name = rules.topic() + "/" + rules.group();
        AtomicInteger number = new AtomicInteger();
        this.workers =
                new Workers(rules.work(Clock.systemUTC()), settings.concurrency(), task -> instance.handlerThreads()
                        .thread(threadName("handler-" + number.incrementAndGet()), task));
        this.sharing = sharing.apply(this);
        this.deadlineKeeper = thread(
                "deadlines",
                new DeadlineKeeper(
                        this.partitions, settings.ackDeadline(), settings.maxProcessingTime(), settings.ordered()));
    }

    /** Makes the group on every partition, then starts to read. */
    static RunningSubscription start(
            DeliveryRules<?> rules,
            SubscriptionSettings settings,
            TopicRuntime topic,
            RedisLinks links,
            Instance instance,
            Runnable onClosed) {
        List<GroupPartition> partitions = new ArrayList<>();
        try {
            for (var keys : topic.partitions()) {
                partitions.add(join(keys, settings.startFrom(), rules, settings, links, instance));
            }
            Place place = new Place(rules.topic(), rules.group(), instance.name(), topic.partitions());
            RunningSubscription subscription = new RunningSubscription(
                    rules,
                    settings,
                    partitions,
                    instance,
                    onClosed,
                    self -> settings.ordered()
                            ? new OrderedSharing(place, settings, links, self.workers)
                            : self.competing(links.lookout()));
            subscription.started(links).presence =
                    new Presence(subscription.partitions, settings.ackDeadline(), links.timer());
            return subscription;
        } catch (CompletionException e) {
            RedisFailure failure = RedisFailure.of(e);
            throw new PubSubException(
                    "group '%s' of topic '%s' with mode %s cannot be made: %s"
                            .formatted(rules.group(), rules.topic(), settings.modeName(), failure.getMessage()),
                    failure);
        }
    }

    private static GroupPartition join(
            PartitionKeys keys,
            Position start,
            DeliveryRules<?> rules,
            SubscriptionSettings settings,
            RedisLinks links,
            Instance instance) {
        GroupSteps steps = new GroupSteps(links, keys, rules.group(), instance.name(), settings.modeName());
        steps.ensure(start, false).join();
        GroupEvents events = new GroupEvents(rules.topic(), rules.group(), keys.partition(), instance.events());
        return new GroupPartition(events, steps, settings.ackDeadline(), links.timer());
    }

    /**
     * Takes on the partitions that the topic has got meanwhile, from their beginning. Asks Redis.
     *
     * @throws RuntimeException if that fails; what is missing is taken on the next time
     */
    void follow(List<PartitionKeys> all, RedisLinks redis) {
        for (PartitionKeys keys : List.copyOf(all).subList(partitions.size(), all.size())) {
            GroupPartition partition = join(keys, Position.earliest(), rules, settings, redis, instance);
            RedisLink link = redis.openReader();
            synchronized (this) {
                if (closed || partitions.size() != keys.partition()) { // another thread was faster
                    link.close();
                    return;
                }
                partitions.add(partition);
                readers.start(partition, link, paused);
            }
            log.info("{} reads partition {} too, which is new", name, keys.partition());
        }
    }

    /** Starts to read for a competing group that exists on these partitions, being that of a shadow replay. */
    static RunningSubscription over(
            List<GroupPartition> partitions,
            DeliveryRules<?> rules,
            SubscriptionSettings settings,
            RedisLinks links,
            Instance instance) {
        RunningSubscription subscription = new RunningSubscription(
                rules, settings, partitions, instance, () -> {}, self -> self.competing(links.lookout()));
        return subscription.started(links);
    }

    private Sharing competing(Lookout lookout) {
        Reclaimer reclaimer = new Reclaimer(name, partitions, workers, settings.ackDeadline());
        return new CompetingSharing(workers, reclaimer, thread("reclaim", reclaimer), lookout);
    }

    private RunningSubscription started(RedisLinks redis) {
        try {
            readers.open(partitions, redis);
        } catch (RuntimeException e) {
            throw new PubSubException("no connection for a reader of " + name + ": " + e.getMessage(), e);
        }
        workers.start();
        deadlineKeeper.start();
        sharing.start();
        readers.start();
        return this;
    }

    private PartitionReader reader(GroupPartition partition, RedisLink link) {
        Feed feed = sharing.feed(partition, link);
        return new PartitionReader(name, partition, workers, feed, partitions::size, settings.ackDeadline());
    }

    private Thread thread(String role, Runnable task) {
        return HandlerThreads.PLATFORM.thread(threadName(role), task);
    }

    private String threadName(String role) {
        return "oqronkit-" + name + "-" + role;
    }

    @Override
    public String topic() {
        return rules.topic();
    }

    @Override
    public String group() {
        return rules.group();
    }

    @Override
    public SubscriptionSettings settings() {
        return settings;
    }

    @Override
    public synchronized SubscriptionState state() {
        if (closed) {
            return SubscriptionState.CLOSED;
        }
        if (paused
                || partitions.stream().anyMatch(partition -> partition.state().paused())) {
            return SubscriptionState.PAUSED;
        }
        return firstStall().isPresent() ? SubscriptionState.STALLED : SubscriptionState.RUNNING;
    }

    @Override
    public Optional<String> stalledBecause() {
        return state() == SubscriptionState.STALLED ? firstStall() : Optional.empty();
    }

    private Optional<String> firstStall() {
        return Stream.of(
                        partitions.stream().flatMap(partition -> partition.halt().stream()),
                        readers.stalls(),
                        stuck().stream())
                .flatMap(Function.identity())
                .findFirst();
    }

    /** Handlers that do not heed an interrupt hold their threads until they return. */
    private Optional<String> stuck() {
        return workers.allRunLongerThan(settings.maxProcessingTime())
                ? Optional.of("no handler thread is free: all %d have run longer than max-processing-time %s"
                        .formatted(settings.concurrency(), settings.maxProcessingTime()))
                : Optional.empty();
    }

    @Override
    public synchronized void pause() {
        if (!closed && !paused) {
            paused = true;
            readers.pause();
            sharing.pause();
            workers.handBack();
            log.info("{} is paused", name);
        }
    }

    @Override
    public synchronized void resume() {
        if (!closed && paused) {
            paused = false;
            readers.resume();
            sharing.resume();
            log.info("{} goes on", name);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            drain(System.nanoTime() + instance.shutdownTimeout().toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            partitions.forEach(GroupPartition::loseAll);
            deadlineKeeper.interrupt();
            readers.close();
            onClosed.run();
        }
        log.info("{} is closed", name);
    }

    /** Stop taking; hand back what was not started; let handlers finish and settle; leave the group. */
    private void drain(long deadline) throws InterruptedException {
        readers.stop();
        sharing.stop();
        CompletableFuture<Void> handedBack = workers.stop();
        readers.awaitEnd(deadline);
        sharing.awaitStopped(Math.max(1, millisUntil(deadline)));
        boolean finished = workers.awaitStopped(Duration.ofMillis(Math.max(1, millisUntil(deadline))));
        if (!finished) {
            log.warn("{}: handlers still run after {}; their messages come again", name, instance.shutdownTimeout());
            partitions.forEach(GroupPartition::loseAll);
        }
        long settled = System.nanoTime() + SETTLE_TIME.toNanos();
        await(handedBack, settled);
        while (partitions.stream().anyMatch(p -> p.heldCount() > 0) && millisUntil(settled) > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        sharing.awaitLeft(Math.max(1, millisUntil(settled)));
        if (presence != null) {
            presence.end();
        }
        for (GroupPartition partition : partitions) {
            await(partition.redis().leave(), settled);
        }
    }

    private void await(CompletableFuture<?> step, long deadline) throws InterruptedException {
        try {
            step.get(Math.max(1, millisUntil(deadline)), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            log.debug("{}: not done while closing, the next process takes over: {}", name, e.toString());
        }
    }

    private static long millisUntil(long deadlineNanos) {
        return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    }
}
