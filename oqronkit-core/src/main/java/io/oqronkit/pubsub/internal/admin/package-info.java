/** What operations ask of a topic. */
@NullMarked
package io.oqronkit.pubsub.internal.admin;

import org.jspecify.annotations.NullMarked;
