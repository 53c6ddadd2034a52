package io.oqronkit.benchmarks;

import java.util.Map;

/**
 * One contender in one step. The first one of a step is what the others are compared with.
 *
 * @param contender who, and in which variant, as it stands in the table
 */
record Case(String step, String contender, Work work) {

    interface Work {

        /**
         * Begins and ends with nobody connected; Redis is empty before.
         *
         * @throws IllegalStateException if a message was not stored, not handled, or handled twice
         */
        Map<Figure, Double> run(Lab lab) throws InterruptedException;
    }

    /** Worth a run before the first round; the others need code that these have warmed. */
    boolean warmsUp() {
        return !step.startsWith("growth") && !step.equals("idle") && !step.equals("memory");
    }
}
