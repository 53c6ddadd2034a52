package io.oqronkit.pubsub.internal.redis;

/**
 * The right of a process to a partition of an ordered group, until it runs out or somebody else gets it.
 *
 * @param token what Redis compares: {@code instance|epoch}; empty for competing groups, whose partitions nobody owns
 * @param epoch rises strictly with each change of owner; 0 for competing groups
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity only
public record Lease(byte[] token, long epoch) {

    public static final Lease NONE = new Lease(new byte[0], 0);
}
