package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessage;
import io.oqronkit.faults.harm.ClockShim;
import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.work.Ledger;
import io.oqronkit.faults.work.Settings;
import io.oqronkit.faults.work.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** E3. The clock of the server jumps by an hour, forth and back. */
class ClockIT {

    private static final Duration HOUR = Duration.ofHours(1);

    /** A blocking read of a second, which hangs while the clock stands still for it, and 5 seconds to notice. */
    private static final Duration STALL = Duration.ofSeconds(6);

    private static final String STREAM = "oq:{orders:0}:s";

    @TempDir
    Path folder;

    @Test
    void jumpsOfTheClockHoldUpNobodyForLong() {
        Optional<ClockShim> shim = ClockShim.build(folder);
        System.out.println(
                "E3-clock: "
                        + (shim.isPresent()
                                ? "the server's clock is moved by a preloaded library"
                                : "no gcc:"
                                        + " an entry with an id of the future, and pending entries that look an hour old, stand for the jump"));
        if (shim.isPresent()) {
            moveTheClock(shim.get());
        } else {
            standIn();
        }
    }

    private static void moveTheClock(ClockShim clock) {
        try (Lab lab = Lab.open("E3-clock", load(), server -> server.binary(clock.program()))) {
            lab.start(1, 2);
            lab.awaitProgress(100, Duration.ofSeconds(20));
            for (Duration to : new Duration[] {HOUR, Duration.ZERO, HOUR.negated(), Duration.ZERO}) {
                lab.harms().during(Harm.Kind.JUMP_CLOCK, Harm.ALL, () -> {
                    clock.moveTo(to);
                    lab.awaitProgress(1, STALL);
                });
                assertThat(lab.raw().time().get(0))
                        .as("the shim works")
                        .isBetween(seconds(to) - 60 + "", seconds(to) + 60 + "");
                lab.awaitProgress(200, Duration.ofSeconds(20));
            }
            lab.finishUnharmed();
        }
    }

    private static long seconds(Duration fromNow) {
        return System.currentTimeMillis() / 1_000 + fromNow.toSeconds();
    }

    private static void standIn() {
        try (Lab lab = Lab.open("E3-clock", load())) {
            lab.start(1, 2);
            lab.awaitProgress(100, Duration.ofSeconds(20));
            RedisCommands<String, String> redis = lab.raw();
            lab.harms().during(Harm.Kind.JUMP_CLOCK, Harm.ALL, () -> {
                seedFuture(lab, redis);
                ageWhatIsPending(redis);
                lab.awaitProgress(1, STALL);
            });
            lab.awaitProgress(200, Duration.ofSeconds(20));
            lab.finishUnharmed();
        }
    }

    /** The next offset under an id of the next hour: what publishing leaves behind when the clock is set back. */
    private static void seedFuture(Lab lab, RedisCommands<String, String> redis) {
        Task task = new Task("lab-1", Task.Action.NOTHING, 0, "");
        String last =
                redis.xrevrange(STREAM, Range.unbounded(), Limit.from(1)).get(0).getId();
        long offset = Long.parseLong(last.split("-")[1]) + 1;
        String id = System.currentTimeMillis() + HOUR.toMillis() + "-" + offset;
        try (Ledger ledger = Ledger.open(lab.ownLedger())) {
            ledger.write("intent", task.id(), "", Task.hash(task.encoded()), task.action(), 0);
            redis.xadd(STREAM, new XAddArgs().id(id), "p", new String(task.encoded()), "k", "", "h", "");
            ledger.write("acked", task.id(), "0:" + id);
        }
    }

    private static void ageWhatIsPending(RedisCommands<String, String> redis) {
        for (PendingMessage pending : redis.xpending(STREAM, "billing", Range.unbounded(), Limit.from(1_000))) {
            redis.xclaim(
                    STREAM,
                    Consumer.from("billing", pending.getConsumer()),
                    XClaimArgs.Builder.justid().idle(HOUR),
                    pending.getId());
        }
    }

    private static Settings load() {
        return Settings.none().with("rate", 100).with("mix", "slow=10:20");
    }
}
