package io.oqronkit.pubsub;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What must have a message before its publish returns. Immutable; the text form is {@code memory} or
 * {@code replicas(2)}.
 *
 * @param replicas how many replicas, 0 to 10; 0 for the memory of the master alone
 */
public record Durability(int replicas) {

    private static final int MOST = 10;
    private static final Pattern REPLICAS = Pattern.compile("replicas\\((\\d{1,9})\\)");

    /** @throws IllegalArgumentException unless there are 0 to 10 replicas */
    public Durability {
        Checks.between("durability replicas", replicas, 0, MOST);
    }

    /**
     * The master's memory; the default. What Redis does from there on, to its disk and its replicas, happens behind the
     * publish: a failover loses what was not replicated yet.
     */
    public static Durability memory() {
        return new Durability(0);
    }

    /**
     * The memory of the master and of {@code replicas} replicas. With fewer of them a publish is tried until the publish
     * timeout and ends in a {@link PublishOutcomeUnknownException} that says how many there were.
     *
     * @param replicas 1 to 10
     * @throws IllegalArgumentException if it is another number
     */
    public static Durability replicas(int replicas) {
        Checks.between("durability replicas", replicas, 1, MOST);
        return new Durability(replicas);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException for any other text
     */
    public static Durability parse(String text) {
        String value = Checks.notNull("durability", text).trim().toLowerCase(Locale.ROOT);
        if (value.equals("memory")) {
            return memory();
        }
        Matcher replicas = REPLICAS.matcher(value);
        int count = replicas.matches() ? Integer.parseInt(replicas.group(1)) : 0;
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException(
                    "durability '%s' is not one of: memory, replicas(1) to replicas(%d)".formatted(text, MOST));
        }
        return replicas(count);
    }

    @Override
    public String toString() {
        return replicas == 0 ? "memory" : "replicas(" + replicas + ")";
    }
}
