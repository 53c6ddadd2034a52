package io.oqronkit.pubsub.runtime;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.oqronkit.pubsub.Configuration;
import io.oqronkit.pubsub.Durability;
import io.oqronkit.pubsub.MessageFailureClassifier;
import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PubSubListener;
import io.oqronkit.pubsub.TrafficListener;
import io.oqronkit.pubsub.internal.json.JsonCodec;
import io.oqronkit.pubsub.internal.observe.Events;
import io.oqronkit.pubsub.internal.observe.Meters;
import io.oqronkit.pubsub.internal.observe.Traces;
import io.oqronkit.pubsub.internal.observe.Traffic;
import io.oqronkit.pubsub.internal.observe.Watch;
import io.oqronkit.pubsub.internal.redis.ClusterOptions;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.Replication;
import io.oqronkit.pubsub.internal.redis.ServerCheck;
import io.oqronkit.pubsub.observation.ProcessObservationConvention;
import io.oqronkit.pubsub.observation.PublishObservationConvention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds a {@link PubSub} in plain Java. Not safe for concurrent use; the result is.
 *
 * <pre>{@code
 * RedisClient client = RedisClient.create("redis://localhost");
 * try (PubSub pubSub = OqronPubSub.builder(client).build()) { ... }
 * }</pre>
 */
public final class OqronPubSub {

    private static final Duration DAY = Duration.ofDays(1);

    private final AbstractRedisClient client;
    private String keyPrefix = "oq";
    private Duration publishTimeout = Duration.ofSeconds(10);
    private Durability durability = Durability.memory();
    private Duration shutdownTimeout = Duration.ofSeconds(25);
    private Configuration configuration = Configuration.none();
    private @Nullable PayloadCodec codec;
    private @Nullable JsonMapper jsonMapper;
    private @Nullable String instanceName;
    private final List<PubSubListener> listeners = new ArrayList<>();
    private final List<TrafficListener> trafficListeners = new ArrayList<>();
    private MessageFailureClassifier classifier = failure -> true;
    private @Nullable MeterRegistry meterRegistry;
    private @Nullable ObservationRegistry observationRegistry;
    private @Nullable PublishObservationConvention publishConvention;
    private @Nullable ProcessObservationConvention processConvention;
    private Duration gaugesEvery = Duration.ofSeconds(10);
    private boolean allowEviction;
    private HandlerThreads handlerThreads = HandlerThreads.PLATFORM;
    private Duration shadowSilence = Duration.ofMinutes(10);

    private OqronPubSub(AbstractRedisClient client) {
        this.client = client;
    }

    /**
     * @param client a Lettuce {@code RedisClient}, or a {@code RedisClusterClient} with {@link #clusterOptions}; it stays
     *     the caller's and is never closed here
     */
    public static OqronPubSub builder(AbstractRedisClient client) {
        return new OqronPubSub(notNull("client", client));
    }

    /**
     * What a {@code RedisClusterClient} must be told, so that a failover or a slot that moves is noticed in time, and no
     * command is sent a second time unseen: {@code client.setOptions(OqronPubSub.clusterOptions(ClientOptions.create()))}.
     * While Lettuce looks at the cluster it waits for a node that does not answer as long as the timeout of its first
     * {@code RedisURI} says: 2 s are enough.
     *
     * @param others everything else is taken from these
     */
    public static ClusterClientOptions clusterOptions(ClientOptions others) {
        return ClusterOptions.of(notNull("others", others));
    }

    /** What every key begins with, 1 to 60 characters out of {@code A-Z a-z 0-9 . _ -}; default {@code oq}. */
    public OqronPubSub keyPrefix(String keyPrefix) {
        if (keyPrefix == null || !keyPrefix.matches("[A-Za-z0-9._-]{1,60}")) {
            throw new IllegalArgumentException(
                    "key-prefix '%s' is not allowed: 1 to 60 characters out of A-Z a-z 0-9 . _ -".formatted(keyPrefix));
        }
        this.keyPrefix = keyPrefix;
        return this;
    }

    /** How long a publish tries, 100 ms to 1 day; default 10 s. */
    public OqronPubSub publishTimeout(Duration publishTimeout) {
        this.publishTimeout = between("publish-timeout", publishTimeout, Duration.ofMillis(100));
        return this;
    }

    /** What must have a message before its publish returns; default the master's memory. */
    public OqronPubSub durability(Durability durability) {
        this.durability = notNull("durability", durability);
        return this;
    }

    /** How long closing waits for running handlers, 0 to 1 day; default 25 s. */
    public OqronPubSub shutdownTimeout(Duration shutdownTimeout) {
        this.shutdownTimeout = between("shutdown-timeout", shutdownTimeout, Duration.ZERO);
        return this;
    }

    /** Maps payloads to JSON; default a plain one. */
    public OqronPubSub jsonMapper(JsonMapper jsonMapper) {
        this.jsonMapper = notNull("jsonMapper", jsonMapper);
        return this;
    }

    /** Another form for payloads than JSON. */
    public OqronPubSub codec(PayloadCodec codec) {
        this.codec = notNull("codec", codec);
        return this;
    }

    /** Settings for topics and groups that code does not give; default none. */
    public OqronPubSub configuration(Configuration configuration) {
        this.configuration = notNull("configuration", configuration);
        return this;
    }

    /** What people call this process, part of its consumer name; default the host name. */
    public OqronPubSub instanceName(String instanceName) {
        this.instanceName = notNull("instanceName", instanceName);
        return this;
    }

    /** Starts although the server may evict whole topics when its memory is full; default false. */
    public OqronPubSub allowEviction(boolean allowEviction) {
        this.allowEviction = allowEviction;
        return this;
    }

    /**
     * Runs every handler on a virtual thread: many handlers that wait cost little then. Virtual threads do not keep the JVM
     * alive; the threads that read do. Default false.
     *
     * @throws IllegalArgumentException if true and the JVM is older than Java 21
     */
    public OqronPubSub virtualThreads(boolean virtualThreads) {
        this.handlerThreads = virtualThreads ? HandlerThreads.virtual() : HandlerThreads.PLATFORM;
        return this;
    }

    /** Who hears of events; may be called several times. Default nobody. */
    public OqronPubSub listener(PubSubListener listener) {
        listeners.add(notNull("listener", listener));
        return this;
    }

    /** Who sees every message published and every attempt made; may be called several times. Default nobody. */
    public OqronPubSub trafficListener(TrafficListener listener) {
        trafficListeners.add(notNull("trafficListener", listener));
        return this;
    }

    /** Which failures of handlers are tried again, beside what each group says; default all. */
    public OqronPubSub failureClassifier(MessageFailureClassifier classifier) {
        this.classifier = notNull("failureClassifier", classifier);
        return this;
    }

    /**
     * Where to measure: timers, counters and gauges, whose names all begin with {@code oqronkit.pubsub.}; default nowhere.
     * Needs {@code micrometer-core}. Gauges that Redis must be asked for are as it stood at most 10 s ago.
     */
    public OqronPubSub meterRegistry(MeterRegistry meterRegistry) {
        this.meterRegistry = notNull("meterRegistry", meterRegistry);
        return this;
    }

    /**
     * Where to observe each call that publishes and each call of a handler, so that a trace goes on in every group; default
     * nowhere. Needs {@code micrometer-observation}.
     */
    public OqronPubSub observationRegistry(ObservationRegistry observationRegistry) {
        this.observationRegistry = notNull("observationRegistry", observationRegistry);
        return this;
    }

    /** What a call that publishes says of itself in a trace; default {@link PublishObservationConvention#DEFAULT}. */
    public OqronPubSub observationConvention(PublishObservationConvention convention) {
        this.publishConvention = notNull("convention", convention);
        return this;
    }

    /** What the call of a handler says of itself in a trace; default {@link ProcessObservationConvention#DEFAULT}. */
    public OqronPubSub observationConvention(ProcessObservationConvention convention) {
        this.processConvention = notNull("convention", convention);
        return this;
    }

    /** How often Redis is asked for what gauges show; for tests. */
    OqronPubSub gaugesEvery(Duration gaugesEvery) {
        this.gaugesEvery = gaugesEvery;
        return this;
    }

    private Watch watch() {
        return new Watch(
                meterRegistry == null ? null : new Meters(meterRegistry, gaugesEvery),
                observationRegistry == null
                        ? null
                        : new Traces(observationRegistry, publishConvention, processConvention),
                trafficListeners.isEmpty() ? null : new Traffic(trafficListeners));
    }

    /** After which silence what a shadow replay has left is removed; for tests. */
    OqronPubSub shadowSilence(Duration shadowSilence) {
        this.shadowSilence = shadowSilence;
        return this;
    }

    /**
     * Connects and checks the server.
     *
     * @throws PubSubException if Redis does not answer, is older than 6.2, or may evict topics
     */
    public PubSub build() {
        Watch watch = watch();
        Events events = new Events(listeners, watch);
        RedisLinks links;
        try {
            links = new RedisLinks(client, events);
        } catch (RuntimeException e) {
            watch.close();
            throw new PubSubException("cannot connect to Redis: " + whereAndWhy(e), e);
        }
        Replication replication;
        try {
            ServerCheck.run(links.control(), allowEviction);
            replication = new Replication(links, durability, publishTimeout);
        } catch (RuntimeException e) {
            links.close();
            watch.close();
            throw e;
        }
        JsonMapper mapper =
                jsonMapper != null ? jsonMapper : JsonMapper.builder().build();
        PayloadCodec payloads = codec != null ? codec : new JsonCodec(mapper);
        String label = instanceName != null ? instanceName : Instance.hostName();
        return new DefaultPubSub(
                links,
                replication,
                new DefaultPubSub.Settings(keyPrefix, publishTimeout, payloads, configuration, shadowSilence),
                new Instance(Instance.uniqueName(label), shutdownTimeout, handlerThreads, events, classifier, watch));
    }

    /** The outermost message has the address, the innermost what went wrong. */
    private static String whereAndWhy(Throwable error) {
        Throwable root = error;
        boolean tls = false;
        while (root.getCause() != null) {
            root = root.getCause();
            tls |= root instanceof SSLException;
        }
        return root == error
                ? String.valueOf(error.getMessage())
                : error.getMessage() + (tls ? ": the TLS handshake failed: " : ": ") + root.getMessage();
    }

    private static Duration between(String argument, Duration value, Duration min) {
        if (value == null || value.compareTo(min) < 0 || value.compareTo(DAY) > 0) {
            throw new IllegalArgumentException("%s must be between %d ms and 1d but was %s"
                    .formatted(argument, min.toMillis(), value == null ? null : value.toMillis() + " ms"));
        }
        return value;
    }

    private static <V> V notNull(String argument, @Nullable V value) {
        if (value == null) {
            throw new IllegalArgumentException(argument + " must not be null");
        }
        return value;
    }
}
