package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Durability;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes publishing wait for replicas, where that is asked for, and knows where they are missing: from a publish that found
 * too few until a publish, or a question once a second, finds enough. Safe for concurrent use.
 */
public final class Replication implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.replication");
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(1);
    private static final long CHECK_SECONDS = 1;

    private final int wanted;
    private final Duration patience;
    private final ScheduledExecutorService timer;
    private final @Nullable RedisLink link;
    private final @Nullable ReplicaWait wait;
    private final MinReplicas minReplicas;
    private final Map<ReplicatedStore, String> missing = new LinkedHashMap<>(); // guarded by this
    private boolean checking; // guarded by this

    /**
     * Opens a connection if replicas are asked for.
     *
     * @throws RuntimeException if Redis does not answer
     */
    public Replication(RedisLinks links, Durability durability, Duration publishTimeout) {
        this.wanted = durability.replicas();
        this.patience = publishTimeout.compareTo(LONGEST_PATIENCE) < 0 ? publishTimeout : LONGEST_PATIENCE;
        this.timer = links.timer();
        this.link = wanted == 0 ? null : links.openReader();
        this.wait = link == null ? null : new ReplicaWait(link, wanted, patience);
        this.minReplicas = MinReplicas.watch(links.control(), timer);
    }

    /** The store itself, or one that waits for replicas too. */
    public BatchStore guard(BatchStore master, PartitionKeys keys, String producer) {
        return wait == null ? master : new ReplicatedStore(master, this, wait, keys, producer);
    }

    boolean suffices(long replicas) {
        return replicas >= wanted;
    }

    String text(long replicas) {
        return "%d of %d replicas had acknowledged it within %d ms".formatted(replicas, wanted, patience.toMillis());
    }

    /** Why the last publish to some partition is not as durable as it should be; empty if all are. */
    public synchronized Optional<String> shortfall() {
        return missing.entrySet().stream()
                .map(store -> "partition " + store.getKey() + ": " + store.getValue())
                .findFirst();
    }

    /** What the servers' settings leave open, as seen at most about a minute ago; empty if nothing. */
    public Optional<String> warning() {
        return minReplicas.warning();
    }

    synchronized void missed(ReplicatedStore store, String why) {
        if (missing.isEmpty()) {
            log.warn("replicas are missing, publishing waits for them: partition {}: {}", store, why);
        }
        missing.put(store, why);
        checkLater();
    }

    synchronized void found(ReplicatedStore store) {
        if (missing.remove(store) != null && missing.isEmpty()) {
            log.info("there are enough replicas again");
        }
    }

    private synchronized void checkLater() {
        if (checking || missing.isEmpty()) {
            return;
        }
        try {
            timer.schedule(this::check, CHECK_SECONDS, TimeUnit.SECONDS);
            checking = true;
        } catch (RejectedExecutionException closed) {
            missing.clear();
        }
    }

    private void check() {
        List<ReplicatedStore> stores;
        synchronized (this) {
            stores = List.copyOf(missing.keySet());
        }
        CompletableFuture.allOf(stores.stream().map(ReplicatedStore::ask).toArray(CompletableFuture<?>[]::new))
                .whenComplete((all, error) -> {
                    synchronized (this) {
                        checking = false;
                    }
                    checkLater();
                });
    }

    @Override
    public void close() {
        if (link != null) {
            link.close();
        }
    }
}
