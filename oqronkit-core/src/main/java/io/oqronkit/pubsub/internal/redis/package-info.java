/** Redis: keys, scripts, connections, and one class for each set of atomic steps. The only package that knows Lettuce. */
@NullMarked
package io.oqronkit.pubsub.internal.redis;

import org.jspecify.annotations.NullMarked;
