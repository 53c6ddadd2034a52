/** Removes what a topic need not keep. */
@NullMarked
package io.oqronkit.pubsub.internal.retain;

import org.jspecify.annotations.NullMarked;
