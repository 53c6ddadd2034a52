package io.oqronkit.faults.oracle;

/**
 * Something that must not be.
 *
 * @param invariant which of the invariants in {@link Oracle} does not hold
 * @param what with the ids it is about
 */
public record Violation(String invariant, String what) {

    @Override
    public String toString() {
        return invariant + ": " + what;
    }
}
