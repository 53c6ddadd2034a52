package io.oqronkit.faults;

import java.time.Duration;
import java.util.Random;

/**
 * How long to attack, and the seed of every random choice: {@code -Dfaults.minutes=30 -Dfaults.seed=7}. Without minutes,
 * each test has its short form; without a seed, there is a new one.
 */
final class Effort {

    private static final long SEED = chosenSeed();

    private Effort() {}

    private static long chosenSeed() {
        String given = System.getProperty("faults.seed", "");
        return given.isEmpty() ? new Random().nextInt(1_000_000) : Long.parseLong(given);
    }

    static long seed() {
        return SEED;
    }

    /** The same for the same seed and name. */
    static Random random(String name) {
        return new Random(SEED * 31 + name.hashCode());
    }

    static int minutes() {
        return Integer.getInteger("faults.minutes", 0);
    }

    static int times(int inShort, int inLong) {
        return minutes() == 0 ? inShort : inLong;
    }

    static Duration seconds(int inShort, int inLong) {
        return Duration.ofSeconds(times(inShort, inLong));
    }
}
