/** What a user of OqronKit PubSub touches: topics, messages, subscriptions and their settings. Imports nothing of ours. */
@NullMarked
package io.oqronkit.pubsub;

import org.jspecify.annotations.NullMarked;
