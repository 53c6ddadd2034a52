package io.oqronkit.benchmarks;

import java.util.Map;
import java.util.function.ToLongFunction;

/** What no contender can avoid: the event to JSON and back, in one thread, without Redis. */
final class CodecSteps {

    private static final Contender NOBODY = new RawLettuce(true);
    private static final int DIFFERENT = 1_000;

    private CodecSteps() {}

    static Case encode() {
        return new Case("codec", "encode", lab -> measure(lab, event -> event.encode().length, Event.BYTES));
    }

    static Case decode() {
        byte[] encoded = Event.at(1).encode();
        return new Case(
                "codec",
                "decode",
                lab -> measure(lab, event -> Event.decode(encoded).place(), 1));
    }

    /** @param each what the work says for each event */
    private static Map<Figure, Double> measure(Lab lab, ToLongFunction<Event> work, long each) {
        Event[] events = new Event[DIFFERENT];
        for (int place = 0; place < DIFFERENT; place++) {
            events[place] = Event.at(place);
        }
        int messages = lab.messages(NOBODY);
        Meter meter = lab.meter(NOBODY);
        long sum = 0;
        for (int i = 0; i < messages; i++) {
            sum += work.applyAsLong(events[i % DIFFERENT]);
        }
        Map<Figure, Double> figures = meter.stop().per(messages);
        if (sum != each * messages) {
            throw new IllegalStateException("encoded or decoded wrongly");
        }
        return figures;
    }
}
