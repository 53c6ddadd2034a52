package io.oqronkit.pubsub;

import java.util.List;
import java.util.Map;

/** What operations do with a topic. Safe for concurrent use. Every call asks Redis and waits for its answer. */
public interface TopicAdmin {

    /** Figures of this moment; nothing is cached. */
    TopicStats stats();

    /**
     * Stops every process from taking messages for a group, those that start later included, until {@link #resume}. Takes
     * effect within 2.5 s; running handlers finish, what was not started is handed back. Nothing is lost meanwhile.
     */
    void pause(String group);

    /**
     * Ends {@link #pause}, and a halt ({@link AfterRetries#HALT}): the message that failed is tried again, attempts from
     * 1. Takes effect within a second.
     */
    void resume(String group);

    /**
     * Makes the message at which an ordered group is halted a dead letter, and lets the group go on behind it.
     *
     * @return false if the group is not halted at this message
     */
    boolean skip(String group, MessageId id);

    /**
     * Removes all messages of the topic now, the scheduled ones too, with all that is pending, parked, redriven or dead. Groups stay and go on
     * with what is published next; offsets go on too. What runs at the moment can no longer be settled.
     *
     * @return how many messages were removed
     */
    long purge();

    /**
     * Removes a group with its position, pending and parked messages and dead letters. A process that still runs it
     * stalls; subscribing anew makes a new group.
     *
     * @throws IllegalArgumentException if the topic has no such group
     */
    void deleteGroup(String group);

    /**
     * What has become of a message, for each group of its partition. Empty for the id of a scheduled message: once it has
     * entered the log it has another.
     */
    Map<String, DeliveryState> delivery(MessageId id);

    /**
     * The dead letters of a group, oldest first.
     *
     * @param limit how many at most, 1 to 10,000
     */
    List<DeadLetter> deadLetters(String group, int limit);

    /** As {@link #deadLetters}, newest first. */
    List<DeadLetter> newestDeadLetters(String group, int limit);

    /**
     * Gives one dead letter back to its group: same id and offset, attempts from 1. Other groups do not see it; it
     * comes behind or between other messages, so redriving breaks order. It goes however often it has been redriven.
     *
     * @return false if the group has no dead letter with this id
     */
    boolean redrive(String group, MessageId id);

    /**
     * Gives back every dead letter the group has at the moment of the call, but for those redriven
     * {@link DeadLetterPolicy#maxRedrives()} times already.
     *
     * @return how many
     */
    long redriveAll(String group);

    /**
     * As {@link #redriveAll}, for chosen ones, at a rate, up to a limit; those that die again meanwhile stay. Goes
     * partition by partition, oldest first. Blocks until it is done, which a rate makes long. An interrupt ends it early:
     * the result says what was done until then, and the thread stays interrupted. What was moved stays moved, however it
     * ends.
     */
    RedriveResult redrive(String group, Redrive redrive);
}
