/** Lets others see what happens. */
@NullMarked
package io.oqronkit.pubsub.internal.observe;

import org.jspecify.annotations.NullMarked;
