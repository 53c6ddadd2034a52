package io.oqronkit.pubsub.internal.redis;

import io.oqronkit.pubsub.Position;

/** A position in the words of {@code lib-position.lua}. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PositionArgs(byte[] kind, byte[] value) {

    static PositionArgs of(Position position, int partition) {
        if (position instanceof Position.AtOffset at) {
            return args("offset", Long.toString(at.offset()));
        }
        if (position instanceof Position.AtTime at) {
            return args("timestamp", Long.toString(Math.max(0, at.instant().toEpochMilli())));
        }
        if (position instanceof Position.After after) {
            return after.id().partition() == partition
                    ? args("after", EntryId.of(after.id()).toString())
                    : of(Position.timestamp(after.id().publishedAt()), partition);
        }
        return args(position instanceof Position.Earliest ? "earliest" : "latest", "");
    }

    private static PositionArgs args(String kind, String value) {
        return new PositionArgs(Bytes.of(kind), Bytes.of(value));
    }
}
