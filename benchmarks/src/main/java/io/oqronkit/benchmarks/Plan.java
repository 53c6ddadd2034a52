package io.oqronkit.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** What runs, in which order. */
final class Plan {

    private static final Contender RAW = new RawLettuce(true);
    private static final Contender RAW_XADD = new RawLettuce(false);
    private static final Contender OURS = OqronKit.DEFAULTS;

    private Plan() {}

    static List<Case> of(Options options) {
        List<Case> cases = new ArrayList<>();
        publishing(cases);
        draining(cases);
        cases.removeIf(one -> !options.runs(one.step()));
        return List.copyOf(cases);
    }

    private static void publishing(List<Case> cases) {
        for (Contender contender : List.of(RAW, RAW_XADD, OURS)) {
            cases.add(PublishSteps.async(contender));
        }
        for (int threads : List.of(1, 16)) {
            for (Contender contender : List.of(RAW_XADD, OURS)) {
                cases.add(PublishSteps.sync(contender, threads));
            }
        }
        for (Contender contender : List.of(RAW, OURS)) {
            cases.add(PublishSteps.batch(contender));
        }
    }

    private static void draining(List<Case> cases) {
        cases.add(DrainSteps.drain(RAW, RAW.name(), 1));
        for (int concurrency : List.of(1, 8, 64)) {
            cases.add(DrainSteps.drain(OURS, "OqronKit c=" + concurrency, concurrency));
        }
        if (Runtime.version().feature() >= 21) {
            cases.add(DrainSteps.drain(new OqronKit(1, true), "OqronKit c=8 virtual", 8));
        }
        for (Contender contender : List.of(RAW, OURS)) {
            cases.add(DrainSteps.fanOut(contender));
        }
        for (Contender contender : List.of(RAW, OURS)) {
            cases.add(DrainSteps.sustained(contender));
        }
    }
}
