/** Puts the parts together: the builder, and the objects a user holds. The only package that creates internals. */
@NullMarked
package io.oqronkit.pubsub.runtime;

import org.jspecify.annotations.NullMarked;
