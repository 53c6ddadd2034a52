/** From an entry in this process to its settlement: filter, decode, handle, settle, and keep the ack deadline. */
@NullMarked
package io.oqronkit.pubsub.internal.deliver;

import org.jspecify.annotations.NullMarked;
