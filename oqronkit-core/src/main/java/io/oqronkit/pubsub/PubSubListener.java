package io.oqronkit.pubsub;

/**
 * Hears of what an application may want to act on: lost messages, stalled subscriptions, an unreachable Redis.
 *
 * <p>Called on one thread of the {@code PubSub} for all its listeners, one event after the other, in the order in which
 * they happened in this process. It may block: that delays events, never messages. While more than 1,000 events wait, the
 * oldest are dropped, with one log line. What it throws is logged. Events tell of what this process sees; where several
 * processes see the same thing, each tells its own listeners.
 *
 * <pre>{@code
 * OqronPubSub.builder(client).listener(event -> {
 *     if (event instanceof PubSubEvent.MessagesDropped dropped) { alarm(dropped); }
 * })
 * }</pre>
 */
@FunctionalInterface
public interface PubSubListener {

    void onEvent(PubSubEvent event);
}
