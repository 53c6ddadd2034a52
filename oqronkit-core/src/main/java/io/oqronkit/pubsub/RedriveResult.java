package io.oqronkit.pubsub;

/**
 * What a redrive did, of the dead letters it looked at.
 *
 * @param moved given back to their group
 * @param skipped not chosen, or moved by somebody else meanwhile
 * @param parked redriven {@link DeadLetterPolicy#maxRedrives()} times already: left for a person to decide
 */
public record RedriveResult(long moved, long skipped, long parked) {}
