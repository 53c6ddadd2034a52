/**
 * OqronKit PubSub in a Spring Boot application: {@link io.oqronkit.pubsub.spring.OqronSubscriber} on bean methods, a
 * {@link io.oqronkit.pubsub.PubSub} bean on the application's Redis, and settings below {@code oqronkit.pubsub}.
 *
 * <p>From annotation to handler: {@code SubscriberScanner} finds the methods, {@code SubscriberFactory} reads one into a
 * {@code Subscriber} (a topic and a subscription spec), {@code OqronSubscriberRegistry} starts and stops them, and
 * {@code SubscriberHandler} calls the method.
 */
@NullMarked
package io.oqronkit.pubsub.spring;

import org.jspecify.annotations.NullMarked;
