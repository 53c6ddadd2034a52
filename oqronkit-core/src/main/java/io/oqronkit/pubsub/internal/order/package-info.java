/** Groups with an order: who owns a partition, and which message is next. */
@NullMarked
package io.oqronkit.pubsub.internal.order;

import org.jspecify.annotations.NullMarked;
