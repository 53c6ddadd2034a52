/** Entries that need another attempt: due retries, and deliveries whose consumer is gone. */
@NullMarked
package io.oqronkit.pubsub.internal.reclaim;

import org.jspecify.annotations.NullMarked;
