/** What an application may change about the traces of publishing and processing. Needs {@code micrometer-observation}. */
@NullMarked
package io.oqronkit.pubsub.observation;

import org.jspecify.annotations.NullMarked;
