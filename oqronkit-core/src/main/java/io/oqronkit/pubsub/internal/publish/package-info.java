/** From a publish call to stored messages: route, queue, batch, send. */
@NullMarked
package io.oqronkit.pubsub.internal.publish;

import org.jspecify.annotations.NullMarked;
