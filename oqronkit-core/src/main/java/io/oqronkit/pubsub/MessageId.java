package io.oqronkit.pubsub;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity of a stored message within its topic. It is given at publish and stays the same over redelivery,
 * replay and redrive, so it is the value to de-duplicate on: an offset alone may be used again after Redis has lost
 * its tail in a failover, an id may not.
 *
 * <p>A message with a delay waits under an id of its own until it enters the log: {@code publishedAt} is when it is due,
 * and in place of the offset stands a number below 0.
 *
 * <p>Immutable. Ordered by partition, then offset. The text form is {@code <partition>:<epoch millis>-<offset>}.
 *
 * @param partition partition of the topic, from 0
 * @param publishedAt when Redis stored the message in the log, to the millisecond
 * @param offset position in the partition, dense, from 1; below 0 if the message has not entered the log
 */
public record MessageId(int partition, Instant publishedAt, long offset) implements Comparable<MessageId> {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}):(\\d{1,16})-(-?\\d{1,18})");

    /** @throws IllegalArgumentException if a part is negative or missing */
    public MessageId {
        Checks.between("partition", partition, 0, Integer.MAX_VALUE);
        Checks.notNull("publishedAt", publishedAt);
    }

    /**
     * Reads the form that {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static MessageId parse(String text) {
        Matcher m = TEXT.matcher(Checks.notNull("text", text));
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "message id '%s' is not of the form <partition>:<epoch millis>-<offset>".formatted(text));
        }
        return new MessageId(
                Integer.parseInt(m.group(1)),
                Instant.ofEpochMilli(Long.parseLong(m.group(2))),
                Long.parseLong(m.group(3)));
    }

    @Override
    public int compareTo(MessageId other) {
        int byPartition = Integer.compare(partition, other.partition);
        return byPartition != 0 ? byPartition : Long.compare(offset, other.offset);
    }

    @Override
    public String toString() {
        return partition + ":" + publishedAt.toEpochMilli() + "-" + offset;
    }
}
