package io.oqronkit.pubsub;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Durable publish/subscribe on Redis Streams. One per application; safe for concurrent use.
 *
 * <pre>{@code
 * PubSub pubSub = OqronPubSub.builder(redisClient).build();
 * Topic<OrderEvent> orders = pubSub.topic("order-events", OrderEvent.class);
 * orders.subscribe(SubscriptionSpec.<OrderEvent>group("billing").handler(ctx -> charge(ctx.message())));
 * orders.publish(new OrderEvent("order.paid", "ord_123"));
 * }</pre>
 */
public interface PubSub extends AutoCloseable {

    /**
     * The topic of this name, kept as the configuration says, else by the defaults.
     *
     * @throws IllegalArgumentException if the name is not allowed
     * @throws PubSubException if the topic exists in Redis with more partitions, or Redis does not answer
     */
    <T> Topic<T> topic(String name, Class<T> type);

    /** The topic as this spec describes it; the configuration is not asked. */
    <T> Topic<T> topic(TopicSpec<T> spec);

    /** The topics this instance has opened, each as it was opened last, by name. */
    List<Topic<?>> topics();

    /** The subscriptions of this instance that are not closed. */
    List<Subscription> subscriptions();

    /**
     * Why Redis is out of reach; empty if it is not. An outage is noticed within 5 seconds, its end within 3 seconds, also
     * by an instance that only publishes. Asks nobody.
     */
    Optional<String> redisOutage();

    /**
     * Groups that retention no longer waits for, by topic; see {@link Retention#abandonAfter}. Of the topics this instance
     * has opened, as it saw them at most about 5 seconds ago; asks nobody.
     */
    Map<String, Set<String>> abandonedGroups();

    /**
     * Why what was published last is not as durable as {@link Durability#replicas} asks for, and where; empty if it is.
     * Found out anew every second while it is not.
     */
    Optional<String> durabilityShortfall();

    /**
     * Which setting of the servers may cost messages that need not be lost: replicas are there, and {@code
     * min-replicas-to-write} is 0. As seen at most about a minute ago; empty if there is none. Asks nobody.
     */
    Optional<String> durabilityWarning();

    /** Closes every subscription as a deployment would, sends what is queued, and closes the connections. */
    @Override
    void close();
}
