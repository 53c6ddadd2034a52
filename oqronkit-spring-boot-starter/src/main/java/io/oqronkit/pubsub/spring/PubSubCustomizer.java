package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.runtime.OqronPubSub;

/**
 * Changes how the application's {@code PubSub} is built. Beans of this type are called once, in their order, after the
 * properties have been applied, so they win.
 */
@FunctionalInterface
public interface PubSubCustomizer {

    void customize(OqronPubSub builder);
}
