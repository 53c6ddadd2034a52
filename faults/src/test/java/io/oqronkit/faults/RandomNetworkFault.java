package io.oqronkit.faults;

import io.oqronkit.faults.harm.FaultProxy;
import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.Scripts;
import java.time.Duration;
import java.util.List;

/** One fault of the network, chosen by the run's random numbers. */
final class RandomNetworkFault {

    private static final List<String> COMMANDS = List.of("publish", "ack", "park", "dead", "renew", "reclaim");

    private RandomNetworkFault() {}

    static void inflict(Lab lab) {
        switch (lab.random().nextInt(5)) {
            case 0 -> lab.harms().during(Harm.Kind.CUT_NETWORK, Harm.ALL, lab.proxy()::cut);
            case 1 -> away(lab, Duration.ofMillis(lab.random().nextInt(1_000)));
            case 2 -> stall(lab, Duration.ofMillis(lab.random().nextInt(3_000)));
            case 3 -> slow(lab, Duration.ofMillis(lab.random().nextInt(1_000)));
            default -> swallow(lab);
        }
    }

    private static void away(Lab lab, Duration time) {
        lab.harms().during(Harm.Kind.CUT_NETWORK, Harm.ALL, () -> {
            lab.proxy().down(true);
            Attack.hold(time);
            lab.proxy().down(false);
        });
    }

    private static void stall(Lab lab, Duration time) {
        lab.harms().during(Harm.Kind.STALL_NETWORK, Harm.ALL, () -> {
            lab.proxy().stall(true);
            Attack.hold(time);
            lab.proxy().stall(false);
        });
    }

    private static void slow(Lab lab, Duration time) {
        lab.harms().during(Harm.Kind.STALL_NETWORK, Harm.ALL, () -> {
            lab.proxy().delay(20 + lab.random().nextInt(80));
            Attack.hold(time);
            lab.proxy().delay(0);
        });
    }

    private static void swallow(Lab lab) {
        FaultProxy proxy = lab.proxy();
        lab.harms().during(Harm.Kind.SWALLOW_REPLIES, Harm.ALL, () -> {
            proxy.swallowReplyTo(Scripts.digest(COMMANDS.get(lab.random().nextInt(COMMANDS.size()))));
            Attack.hold(Duration.ofMillis(500));
            proxy.swallowNothing();
        });
    }
}
