package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.runtime.OqronPubSub;

/** Gives the builder what the application has. */
@FunctionalInterface
interface BuilderCustomizer {

    void customize(OqronPubSub builder);
}
