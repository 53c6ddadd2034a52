package io.oqronkit.pubsub;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * A place in a topic from which a group reads. On a topic with several partitions it applies to each of them.
 *
 * <p>Immutable.
 */
public sealed interface Position {

    /** The oldest message still kept. */
    record Earliest() implements Position {
        @Override
        public String toString() {
            return "earliest";
        }
    }

    /** Behind all that is there: only messages published from now on. */
    record Latest() implements Position {
        @Override
        public String toString() {
            return "latest";
        }
    }

    /** The first message with this offset or a higher one; behind the end if there is none yet. */
    record AtOffset(long offset) implements Position {
        public AtOffset {
            Checks.between("offset", offset, 1, Long.MAX_VALUE);
        }

        @Override
        public String toString() {
            return Long.toString(offset);
        }
    }

    /** The first message published at this instant or later; behind the end if there is none yet. */
    record AtTime(Instant instant) implements Position {
        public AtTime {
            Checks.notNull("instant", instant);
        }

        @Override
        public String toString() {
            return instant.toString();
        }
    }

    /** The message that follows this one in its partition; other partitions start at the time of the message. */
    record After(MessageId id) implements Position {
        public After {
            Checks.between("offset of id", Checks.notNull("id", id).offset(), 0, Long.MAX_VALUE);
        }

        @Override
        public String toString() {
            return "after " + id;
        }
    }

    static Position earliest() {
        return new Earliest();
    }

    static Position latest() {
        return new Latest();
    }

    /** @throws IllegalArgumentException if the offset is below 1 */
    static Position offset(long offset) {
        return new AtOffset(offset);
    }

    static Position timestamp(Instant instant) {
        return new AtTime(instant);
    }

    static Position after(MessageId id) {
        return new After(id);
    }

    /**
     * Reads {@code earliest}, {@code latest}, an offset ({@code 42000}) or an ISO-8601 instant
     * ({@code 2026-01-01T00:00:00Z}).
     *
     * @throws IllegalArgumentException for any other text
     */
    static Position parse(String text) {
        String value = Checks.notNull("position", text).trim();
        if (value.equalsIgnoreCase("earliest")) {
            return earliest();
        }
        if (value.equalsIgnoreCase("latest")) {
            return latest();
        }
        try {
            return value.matches("\\d{1,18}") ? offset(Long.parseLong(value)) : timestamp(Instant.parse(value));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "position '%s' is not one of: earliest, latest, an offset such as 42000, an ISO-8601 instant such as 2026-01-01T00:00:00Z"
                            .formatted(text),
                    e);
        }
    }
}
