package io.oqronkit.benchmarks;

/** Where a step runs, and with which sizes. */
record Lab(Server server, Options options) {

    int messages(Contender contender) {
        return contender.messages(options.messages());
    }

    Meter meter(Contender contender) {
        return Meter.start(server, contender::sends);
    }
}
