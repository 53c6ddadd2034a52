package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.SubscriptionState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The {@link OqronSubscriber} methods of the application by id, which is {@code <topic>/<group>} unless the annotation
 * says otherwise. They start when all other beans have started, and are the first to stop: side by side, each letting
 * its running handlers finish. Safe for concurrent use.
 */
public final class OqronSubscriberRegistry implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OqronSubscriberRegistry.class);

    /** Starts after the web server and stops before it, so that handlers never meet a half-stopped application. */
    private static final int PHASE = Integer.MAX_VALUE - 100;

    private final PubSub pubSub;
    private final Map<String, Subscriber> subscribers = new ConcurrentHashMap<>();
    private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    private volatile boolean running;

    OqronSubscriberRegistry(PubSub pubSub) {
        this.pubSub = pubSub;
    }

    /** Adds a handler, and starts it if the others run already. */
    void register(Subscriber subscriber) {
        for (Subscriber other : subscribers.values()) {
            if (other.topicAndGroup().equals(subscriber.topicAndGroup())) {
                throw refused(other, subscriber, "handle topic and group " + other.topicAndGroup());
            }
            if (other.id().equals(subscriber.id())) {
                throw refused(other, subscriber, "have the id " + other.id());
            }
        }
        subscribers.put(subscriber.id(), subscriber);
        if (running && subscriber.autoStartup()) {
            start(subscriber.id());
        }
    }

    private static StartRefusedException refused(Subscriber one, Subscriber other, String what) {
        return new StartRefusedException(
                "@OqronSubscriber on %s and on %s both %s.".formatted(one.method(), other.method(), what),
                "A group has one handler in an application: give each its own group and id, or remove one.",
                null);
    }

    Collection<Subscriber> subscribers() {
        return List.copyOf(subscribers.values());
    }

    /** The ids of all annotated methods, started or not. */
    public Set<String> ids() {
        return new TreeSet<>(subscribers.keySet());
    }

    /**
     * What runs under this id; empty if it is not started.
     *
     * @throws IllegalArgumentException if there is no such id
     */
    public Optional<Subscription> subscription(String id) {
        return Optional.ofNullable(subscriptions.get(subscriber(id).id()))
                .filter(subscription -> subscription.state() != SubscriptionState.CLOSED);
    }

    /**
     * Starts one method; nothing happens if it is started already.
     *
     * @throws IllegalArgumentException if there is no such id
     */
    public void start(String id) {
        if (subscription(id).isEmpty()) {
            subscriptions.put(id, subscriber(id).subscribe(pubSub));
        }
    }

    /**
     * Stops one method and waits until its running handlers are done, or the shutdown timeout has passed.
     *
     * @throws IllegalArgumentException if there is no such id
     */
    public void stop(String id) {
        Subscription subscription = subscriptions.remove(subscriber(id).id());
        if (subscription != null) {
            subscription.close();
        }
    }

    private Subscriber subscriber(String id) {
        Subscriber subscriber = subscribers.get(id);
        if (subscriber == null) {
            throw new IllegalArgumentException(
                    "no @OqronSubscriber has the id '%s'; there are %s".formatted(id, ids()));
        }
        return subscriber;
    }

    @Override
    public void start() {
        running = true;
        subscribers().forEach(subscriber -> {
            if (subscriber.autoStartup()) {
                start(subscriber.id());
            } else {
                pubSub.topic(subscriber.topic()); // operations see it
            }
        });
    }

    @Override
    public void stop() {
        stopAll().join();
    }

    @Override
    public void stop(Runnable callback) {
        stopAll().thenRun(callback);
    }

    private CompletableFuture<Void> stopAll() {
        running = false;
        return CompletableFuture.allOf(
                subscriptions.keySet().stream().map(this::stopOnItsOwnThread).toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> stopOnItsOwnThread(String id) {
        return CompletableFuture.runAsync(() -> stop(id), task -> new Thread(task, "oqronkit-stop-" + id).start())
                .exceptionally(error -> {
                    log.warn("stopping id={} failed", id, error);
                    return null;
                });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
