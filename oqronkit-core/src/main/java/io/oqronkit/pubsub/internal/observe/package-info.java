/** Lets others see what happens: events, meters, traces. */
@NullMarked
package io.oqronkit.pubsub.internal.observe;

import org.jspecify.annotations.NullMarked;
