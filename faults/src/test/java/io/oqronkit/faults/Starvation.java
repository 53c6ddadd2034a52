package io.oqronkit.faults;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.HarmLog;
import io.oqronkit.faults.harm.ServerWatch;
import io.oqronkit.faults.work.Ledger;
import java.util.List;
import java.util.stream.Stream;

/** When the machine gave processes or the server no time, and it was not a test that stopped them. For one test thread. */
final class Starvation implements AutoCloseable {

    private final HarmLog harms;
    private final ServerWatch server;

    Starvation(HarmLog harms, int redisPort) {
        this.harms = harms;
        this.server = ServerWatch.start(redisPort);
    }

    /** Adds to the log what came since. The machine is everybody's, so each counts for all. */
    void note(List<Child> consumers) {
        Stream<Harm> ofConsumers = consumers.stream().flatMap(this::of);
        Stream<Harm> ofServer = server.stalls().stream()
                .filter(stall -> !wasDone(stall, Harm.Kind.STOP_REDIS, Harm.ALL)
                        && !wasDone(stall, Harm.Kind.KILL_REDIS, Harm.ALL));
        Stream.concat(ofConsumers, ofServer)
                .filter(harm -> !harms.all().contains(harm))
                .forEach(harms::add);
    }

    private Stream<Harm> of(Child consumer) {
        return Ledger.read(consumer.ledger()).stream()
                .filter(line -> line.kind().equals("starved"))
                .map(line ->
                        new Harm(Harm.Kind.STARVED, Harm.ALL, line.at() - Long.parseLong(line.field(0)), line.at()))
                .filter(harm -> !wasDone(harm, Harm.Kind.STOP_CONSUMER, consumer.name()));
    }

    private boolean wasDone(Harm starved, Harm.Kind kind, String target) {
        return harms.all().stream()
                .anyMatch(harm -> harm.kind() == kind
                        && harm.target().equals(target)
                        && harm.from() <= starved.to()
                        && harm.to() >= starved.from());
    }

    @Override
    public void close() {
        server.close();
    }
}
