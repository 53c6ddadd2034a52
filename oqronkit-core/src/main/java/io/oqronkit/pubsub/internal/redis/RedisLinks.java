package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.oqronkit.pubsub.PubSubListener;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one {@code PubSub}, in three classes (R#8): one for commands (publish, settle), one for control
 * (ack deadlines, takeovers, retention, administration), and one for each blocking reader, and one to wait for replicas where
 * publishing does so.
 */
public final class RedisLinks implements AutoCloseable {

    private final Connector connector;
    private final Availability availability;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService opener;
    private final RedisLink commands;
    private final RedisLink control;
    private final Pulse pulse;
    private final Lookout lookout;

    /**
     * Opens the command and the control connection.
     *
     * @param events hears when Redis is lost and found
     * @throws RuntimeException if Redis does not answer
     */
    public RedisLinks(AbstractRedisClient client, PubSubListener events) {
        this.availability = new Availability(events);
        this.connector = Connector.of(client);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "oqronkit-timer"));
        this.timer.setRemoveOnCancelPolicy(true);
        this.opener = Executors.newCachedThreadPool(task -> daemon(task, "oqronkit-connect"));
        this.commands = new RedisLink(connector, availability, timer, opener);
        this.control = new RedisLink(connector, availability, timer, opener);
        this.pulse = new Pulse(control, availability, timer, client instanceof RedisClusterClient);
        this.lookout = new Lookout(control, client instanceof RedisClusterClient);
        try {
            commands.open();
            control.open();
            pulse.start();
            lookout.start(timer);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    public RedisLink commands() {
        return commands;
    }

    public RedisLink control() {
        return control;
    }

    /** A connection of its own for what blocks: a reader, or waiting for replicas. The caller closes it. */
    public RedisLink openReader() {
        return new RedisLink(connector, availability, timer, opener).open();
    }

    /** Who looks for those that sleep. */
    public Lookout lookout() {
        return lookout;
    }

    /** Why Redis is out of reach, as noticed within the last 5 seconds; empty if it is not. Asks nobody. */
    public Optional<String> outage() {
        return availability.outage();
    }

    /** For short tasks that do not block. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    @Override
    public void close() {
        pulse.stop();
        commands.close();
        control.close();
        timer.shutdownNow();
        opener.shutdownNow();
        try {
            timer.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
