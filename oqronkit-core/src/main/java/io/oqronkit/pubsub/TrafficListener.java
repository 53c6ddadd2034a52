package io.oqronkit.pubsub;

/**
 * Sees the normal course: every message this process stores, and how every attempt of its groups ends; shadow replays are
 * not told. For tests and audits. What is unusual a {@link PubSubListener} hears.
 *
 * <p>Called on the very threads that publish and handle, by several at a time: be quick, never block, never call the
 * library. Nothing is dropped. What it throws is logged and changes nothing. Without a listener nothing is paid for.
 */
public interface TrafficListener {

    /**
     * A message is stored, or was before: see {@link PublishReceipt#duplicate()}. Before {@code publish} returns, and before
     * the future of {@code publishAsync} completes; possibly after a group has handled the message.
     */
    default void onPublished(OutgoingMessage<?> message, PublishReceipt receipt) {}

    /** An attempt has ended, whether a handler was called or not. */
    default void onAttempt(Attempt attempt) {}
}
