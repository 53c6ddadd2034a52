/** What a shadow replay adds to a subscription: a pace, a count, and an end. */
@NullMarked
package io.oqronkit.pubsub.internal.shadow;

import org.jspecify.annotations.NullMarked;
