/** Lets delayed messages into the log when their time has come. */
@NullMarked
package io.oqronkit.pubsub.internal.schedule;

import org.jspecify.annotations.NullMarked;
