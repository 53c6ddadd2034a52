package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.OutgoingMessage;
import java.time.Duration;
import java.util.List;

/** What a test waits for in a topic. Immutable; see {@link PubSubProbe}. */
public final class AwaitedTopic {

    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(1);

    private final PubSubProbe probe;
    private final String name;
    private final Duration atMost;

    AwaitedTopic(PubSubProbe probe, String name) {
        this(probe, name, USUAL);
    }

    private AwaitedTopic(PubSubProbe probe, String name, Duration atMost) {
        this.probe = probe;
        this.name = name;
        this.atMost = atMost;
    }

    /** How long each wait may take, 0 to 1 day; default 10 s. */
    public AwaitedTopic within(Duration atMost) {
        if (atMost.isNegative() || atMost.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("within must be between 0s and 1d but was " + atMost);
        }
        return new AwaitedTopic(probe, name, atMost);
    }

    /** One of the topic's groups. */
    public AwaitedGroup group(String group) {
        return new AwaitedGroup(this, group);
    }

    /**
     * This application has stored so many messages in the topic, delayed ones included; a duplicate of an idempotency key is
     * none.
     *
     * @return them, in the order in which they were stored
     * @throws AssertionError if they are fewer when the time is over, or more
     */
    public List<OutgoingMessage<?>> published(int count) {
        List<OutgoingMessage<?>> published =
                probe.seen().await(() -> probe.seen().published(name), checked(count), deadlineNanos());
        if (published.size() != count) {
            throw new Report(this).failed("%d published".formatted(count), published.size());
        }
        return published;
    }

    /**
     * As {@link #published(int)}, the payloads.
     *
     * @throws AssertionError also if one is of another type
     */
    public <T> List<T> published(int count, Class<T> type) {
        return published(count).stream().map(message -> payload(message, type)).toList();
    }

    private static <T> T payload(OutgoingMessage<?> message, Class<T> type) {
        if (!type.isInstance(message.payload())) {
            throw new AssertionError("expected payloads of type %s, but there is %s"
                    .formatted(type.getName(), message.payload().getClass().getName()));
        }
        return type.cast(message.payload());
    }

    static int checked(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count must be at least 0 but was " + count);
        }
        return count;
    }

    long deadlineNanos() {
        return System.nanoTime() + atMost.toNanos();
    }

    PubSubProbe probe() {
        return probe;
    }

    String name() {
        return name;
    }

    Duration atMost() {
        return atMost;
    }
}
