package io.oqronkit.faults.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * Checks the invariants of a run that has come to rest.
 *
 * <ul>
 *   <li>I1 what was acknowledged is, in every group, completed, dead-lettered, or counted as dropped
 *   <li>I2 in ordered modes nothing starts before what comes before it is completed or given up
 *   <li>I3 two handlers never work on one message of a group at a time, unless a fault explains it
 *   <li>I4 dead letters are exactly what was given up, once each, byte for byte
 *   <li>I5 poison is tried as often as it should be, and nothing innocent is given up
 *   <li>I6 offsets are dense, and every group accounts for all that is stored
 *   <li>I7 at rest nothing is pending or parked, and no dead names are left over
 *   <li>I8 the backlog is gone within the stated time ({@code Lab.drain} measures it)
 *   <li>I9 what is completed twice is explained by a fault; nothing is stored twice
 *   <li>I10 what failed certainly is not stored
 * </ul>
 */
public final class Oracle {

    private Oracle() {}

    public static Report judge(Run run) {
        List<Violation> violations = new ArrayList<>();
        StoreChecks store = new StoreChecks(run, violations);
        HandlingChecks handling = new HandlingChecks(run, violations);
        handling.everyAcknowledgedMessageIsAccountedFor();
        OrderChecks.check(run, violations);
        handling.nothingOverlapsUnexplained();
        store.deadLettersAreWhatWasGivenUp();
        handling.poisonIsTriedAsOftenAsItShould();
        store.offsetsAreDense();
        store.everyGroupAccountsForAll();
        store.nothingIsLeftOver();
        int duplicates = handling.everyDuplicateIsExplained();
        store.nothingIsStoredTwice();
        store.whatFailedIsNotStored();
        return Report.of(run, violations, duplicates);
    }
}
