package io.oqronkit.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** What runs, in which order. */
final class Plan {

    private static final Contender RAW = new RawLettuce(true);
    private static final Contender RAW_XADD = new RawLettuce(false);
    private static final Contender OURS = OqronKit.DEFAULTS;
    private static final Contender SPRING = new SpringData();
    private static final Contender RELIABLE_TOPIC = new Redisson(true);
    private static final Contender STREAM = new Redisson(false);

    private Plan() {}

    static List<Case> of(Options options) {
        return Stream.of(
                        Stream.of(CodecSteps.encode(), CodecSteps.decode()),
                        publishing(),
                        draining(),
                        Stream.of(RAW_XADD, RAW, OURS, SPRING, RELIABLE_TOPIC, STREAM)
                                .map(LatencyStep::of),
                        Stream.of(FilterStep.delivering(), FilterStep.rejecting()),
                        idle(options.messages()),
                        growth(options),
                        MemoryStep.all())
                .flatMap(cases -> cases)
                .filter(one -> options.runs(one.step()))
                .toList();
    }

    private static Stream<Case> publishing() {
        return Stream.of(
                        Stream.of(RAW, RAW_XADD, OURS, RELIABLE_TOPIC, STREAM).map(PublishSteps::async),
                        Stream.of(RAW_XADD, RAW, OURS, SPRING, RELIABLE_TOPIC, STREAM)
                                .map(contender -> PublishSteps.sync(contender, 1)),
                        Stream.of(RAW_XADD, RAW, OURS, SPRING, RELIABLE_TOPIC, STREAM)
                                .map(contender -> PublishSteps.sync(contender, 16)),
                        Stream.of(RAW, OURS).map(PublishSteps::batch))
                .flatMap(cases -> cases);
    }

    private static Stream<Case> draining() {
        Stream<Case> virtual = Runtime.version().feature() < 21
                ? Stream.empty()
                : Stream.of(8, 64)
                        .map(concurrency -> DrainSteps.drain(
                                new OqronKit(1, true), "OqronKit c=" + concurrency + " virtual", concurrency));
        return Stream.of(
                        Stream.of(DrainSteps.drain(RAW, RAW.name(), 1)),
                        Stream.of(1, 8, 64)
                                .map(concurrency -> DrainSteps.drain(OURS, "OqronKit c=" + concurrency, concurrency)),
                        virtual,
                        Stream.of(
                                DrainSteps.drain(SPRING, SPRING.name(), 1),
                                DrainSteps.drain(SPRING, SPRING.name() + ", 8 consumers", 8),
                                DrainSteps.drain(RELIABLE_TOPIC, RELIABLE_TOPIC.name(), 1),
                                DrainSteps.drain(STREAM, STREAM.name(), 1)),
                        Stream.of(RAW, OURS, SPRING, RELIABLE_TOPIC, STREAM).map(DrainSteps::fanOut),
                        Stream.of(RAW, OURS, SPRING, RELIABLE_TOPIC, STREAM).map(DrainSteps::sustained))
                .flatMap(cases -> cases);
    }

    /** 1, 50 and 500, or fewer in a small run. */
    private static Stream<Case> idle(int messages) {
        return Stream.of(1, 50, 500)
                .map(subscriptions -> Math.min(subscriptions, messages / 30))
                .distinct()
                .map(IdleStep::of);
    }

    /** With 300,000 messages: 10,000, a million and, if wanted, 5 million entries; 1,000 and 100,000 pending or parked. */
    private static Stream<Case> growth(Options options) {
        int tenThousand = options.messages() / 30;
        int[] lengths = options.large()
                ? new int[] {tenThousand, 100 * tenThousand, 500 * tenThousand}
                : new int[] {tenThousand, 100 * tenThousand};
        return Stream.of(
                        GrowthSteps.lengths(lengths),
                        GrowthSteps.pending(tenThousand / 10),
                        GrowthSteps.pending(10 * tenThousand),
                        GrowthSteps.parked(10 * tenThousand),
                        Stream.of(1, 4, 16).flatMap(GrowthSteps::partitions),
                        Stream.of(1, 3, 10).map(GrowthSteps::groups))
                .flatMap(cases -> cases);
    }
}
