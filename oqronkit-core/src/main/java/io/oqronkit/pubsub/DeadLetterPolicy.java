package io.oqronkit.pubsub;

/**
 * What becomes of a message that keeps failing. Immutable. Default: dead letter after 5 retries, redriven in bulk 3 times
 * at most.
 *
 * @param enabled true: the message is kept in the group's dead letters with its cause. False: it is removed for that
 *     group, counted in {@link GroupStats#dropped()} and logged
 * @param maxRetries how often it is tried again after its first attempt, 0 to 1,000
 * @param maxRedrives how often a dead letter goes back with {@link TopicAdmin#redriveAll} and
 *     {@link TopicAdmin#redrive(String, Redrive)}, 0 to 1,000. After that it is <em>parked</em>: only
 *     {@link TopicAdmin#redrive(String, MessageId)} moves it, since a person chose it
 * @param retention how long dead letters are kept, for each group and partition; what is removed by it counts as
 *     {@link GroupStats#dropped()}. Default: for ever
 */
public record DeadLetterPolicy(boolean enabled, int maxRetries, int maxRedrives, Retention retention) {

    private static final int DEFAULT_RETRIES = 5;
    private static final int DEFAULT_REDRIVES = 3;

    /** @throws IllegalArgumentException if {@code maxRetries} or {@code maxRedrives} is out of its bounds */
    public DeadLetterPolicy {
        Checks.between("dead-letter.max-retries", maxRetries, 0, 1_000);
        Checks.between("dead-letter.max-redrives", maxRedrives, 0, 1_000);
        Checks.notNull("dead-letter.retention", retention);
    }

    public static DeadLetterPolicy afterRetries(int maxRetries) {
        return new DeadLetterPolicy(true, maxRetries, DEFAULT_REDRIVES, Retention.forever());
    }

    public static DeadLetterPolicy defaults() {
        return afterRetries(DEFAULT_RETRIES);
    }

    /** No dead letters: after 5 retries (or what the group sets) the message is dropped and counted. */
    public static DeadLetterPolicy disabled() {
        return new DeadLetterPolicy(false, DEFAULT_RETRIES, DEFAULT_REDRIVES, Retention.forever());
    }

    /** The same policy, with this limit for redriving in bulk. */
    public DeadLetterPolicy maxRedrives(int maxRedrives) {
        return new DeadLetterPolicy(enabled, maxRetries, maxRedrives, retention);
    }

    /** The same policy, with limits for the dead letters themselves. */
    public DeadLetterPolicy retention(Retention retention) {
        return new DeadLetterPolicy(enabled, maxRetries, maxRedrives, retention);
    }
}
