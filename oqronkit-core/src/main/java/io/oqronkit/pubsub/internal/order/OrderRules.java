package io.oqronkit.pubsub.internal.order;

import java.util.concurrent.ScheduledExecutorService;

/**
 * What is kept in order, and what happens when it cannot go on.
 *
 * @param byKey true: the messages of one key; false: those of the partition
 * @param halts a message that failed for good stops its partition
 * @param timer for the ends of backoffs
 */
public record OrderRules(boolean byKey, boolean halts, ScheduledExecutorService timer) {}
