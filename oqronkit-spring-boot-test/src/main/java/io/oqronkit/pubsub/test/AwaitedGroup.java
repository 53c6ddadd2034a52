package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.DeliveryState;
import io.oqronkit.pubsub.DeliveryState.Status;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.TopicAdmin;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * What a test waits for in a group. Each method waits until so many attempts have ended in this way and Redis has settled
 * their messages, so that figures and dead letters read afterwards agree. Each throws an {@link AssertionError} if they are
 * fewer when the time is over, or more; with 0 it does not wait. Immutable; see {@link PubSubProbe}.
 */
public final class AwaitedGroup {

    private static final Set<Outcome> FAILED =
            EnumSet.of(Outcome.RETRY, Outcome.DEAD_LETTER, Outcome.DROPPED, Outcome.HALTED);
    private static final Set<Outcome> UNSETTLED = EnumSet.of(Outcome.RETRY, Outcome.HALTED, Outcome.LOST);
    private static final int MOST_DEAD_LETTERS = 10_000;
    private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(5).toNanos();

    private final AwaitedTopic topic;
    private final String name;

    AwaitedGroup(AwaitedTopic topic, String name) {
        this.topic = topic;
        this.name = name;
    }

    /** As {@link AwaitedTopic#within}. */
    public AwaitedGroup within(Duration atMost) {
        return new AwaitedGroup(topic.within(atMost), name);
    }

    /** Handlers have returned, or acknowledged the message themselves. */
    public AwaitedGroup handled(int count) {
        return awaited("handled", EnumSet.of(Outcome.ACK), count);
    }

    /** Attempts have failed, whether they are tried again or not. */
    public AwaitedGroup failed(int count) {
        return awaited("failed", FAILED, count);
    }

    /** Attempts have failed, and are tried again later. */
    public AwaitedGroup retried(int count) {
        return awaited("retried", EnumSet.of(Outcome.RETRY), count);
    }

    /** Handlers have dropped the message by {@code discard}. */
    public AwaitedGroup discarded(int count) {
        return awaited("discarded", EnumSet.of(Outcome.DISCARDED), count);
    }

    /** The group's filter did not want the message. */
    public AwaitedGroup filtered(int count) {
        return awaited("filtered", EnumSet.of(Outcome.FILTERED), count);
    }

    /** The message was older than its time to live. */
    public AwaitedGroup expired(int count) {
        return awaited("expired", EnumSet.of(Outcome.EXPIRED), count);
    }

    /**
     * Handlers ran longer than {@code max-processing-time}, were interrupted, and have ended; or lost their message in
     * another way: a replay, the end of the ack deadline.
     */
    public AwaitedGroup timedOut(int count) {
        return awaited("timed out", EnumSet.of(Outcome.LOST), count);
    }

    /**
     * Messages were given up and are kept with their cause.
     *
     * @return those of them that still lie in Redis, oldest first
     */
    public List<DeadLetter> deadLettered(int count) {
        Set<MessageId> ids = attempts("dead-lettered", EnumSet.of(Outcome.DEAD_LETTER), count).stream()
                .map(Attempt::id)
                .collect(Collectors.toSet());
        return ids.isEmpty() ? List.of() : kept(ids);
    }

    private List<DeadLetter> kept(Set<MessageId> ids) {
        return topic.probe().admin(topic.name()).stream()
                .flatMap(admin -> admin.deadLetters(name, MOST_DEAD_LETTERS).stream())
                .filter(letter -> ids.contains(letter.id()))
                .toList();
    }

    private AwaitedGroup awaited(String what, Set<Outcome> outcomes, int count) {
        attempts(what, outcomes, count);
        return this;
    }

    private List<Attempt> attempts(String what, Set<Outcome> outcomes, int count) {
        Seen seen = topic.probe().seen();
        long deadline = topic.deadlineNanos();
        List<Attempt> attempts = seen.await(
                () -> seen.attempts(topic.name(), name).stream()
                        .filter(attempt -> outcomes.contains(attempt.outcome()))
                        .toList(),
                AwaitedTopic.checked(count),
                deadline);
        if (attempts.size() != count) {
            throw new Report(topic).failed(name, "%d %s".formatted(count, what), attempts.size());
        }
        awaitSettled(attempts, deadline);
        return attempts;
    }

    /** Of this there is no event: it is decided here, and a moment later Redis knows. */
    private void awaitSettled(List<Attempt> attempts, long deadline) {
        TopicAdmin admin = topic.probe().admin(topic.name()).orElse(null);
        while (admin != null && !isSettled(attempts, admin)) {
            if (System.nanoTime() - deadline >= 0) {
                throw new Report(topic).failed(name, "all of them settled in Redis", attempts.size());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
    }

    private boolean isSettled(List<Attempt> attempts, TopicAdmin admin) {
        GroupStats stats = admin.stats().groups().get(name);
        return stats == null
                || stats.pending() == 0
                || attempts.stream()
                        .filter(attempt -> !UNSETTLED.contains(attempt.outcome()))
                        .noneMatch(attempt -> isPending(attempt, admin));
    }

    private boolean isPending(Attempt attempt, TopicAdmin admin) {
        DeliveryState state = admin.delivery(attempt.id()).get(name);
        return state != null && state.status() == Status.PENDING && state.attempts() <= attempt.number();
    }
}
