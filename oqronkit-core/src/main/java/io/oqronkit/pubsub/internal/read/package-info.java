/** New entries: from Redis into the queue of the workers. */
@NullMarked
package io.oqronkit.pubsub.internal.read;

import org.jspecify.annotations.NullMarked;
