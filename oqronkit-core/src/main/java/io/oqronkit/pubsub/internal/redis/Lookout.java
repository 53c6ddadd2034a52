package io.oqronkit.pubsub.internal.redis;

import static java.util.stream.Collectors.groupingBy;

import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Redis every 750 ms, for all that sleeps in this process, whether there is something to do: one command for a hundred
 * of them, so that what is idle costs next to nothing. On a cluster one command for each slot.
 *
 * <p>Safe for concurrent use. Sleepers are asked on the timer's thread and woken on the event loop; they must not block.
 */
public final class Lookout {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.redis");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration INTERVAL = Duration.ofMillis(750);
    private static final int PER_CALL = 100;

    private final RedisLink link;
    private final boolean cluster;
    private final Set<Sleeper> sleepers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Something that does not look for itself while there is nothing to do. */
    public interface Sleeper {

        Question question();

        /** There is something to do. Called again with each look until there is not. */
        void wake(Reason reason);
    }

    /** Why a sleeper is woken. */
    public enum Reason {
        /** Something is pending, parked or scheduled. */
        WORK,
        /** The group is gone, or its state is not the one it was believed to be. */
        CHANGE
    }

    /** What to ask for a sleeper; see {@code look.lua}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Question(byte[][] keys, byte[]... args) {}

    private record Asked(Sleeper sleeper, Question question) {}

    Lookout(RedisLink control, boolean cluster) {
        this.link = control;
        this.cluster = cluster;
    }

    void start(ScheduledExecutorService timer) {
        timer.scheduleAtFixedRate(
                this::look, Beat.within(Duration.ofSeconds(1)).toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void add(Sleeper sleeper) {
        sleepers.add(sleeper);
    }

    public void remove(Sleeper sleeper) {
        sleepers.remove(sleeper);
    }

    private void look() {
        if (sleepers.isEmpty() || !asking.compareAndSet(false, true)) {
            return;
        }
        List<Asked> all = sleepers.stream()
                .map(sleeper -> new Asked(sleeper, sleeper.question()))
                .toList();
        CompletableFuture.allOf(calls(all).stream().map(this::ask).toArray(CompletableFuture<?>[]::new))
                .whenComplete((done, error) -> {
                    asking.set(false);
                    if (error != null) {
                        log.debug("not looked: {}", RedisFailure.of(error).getMessage());
                    }
                });
    }

    private List<List<Asked>> calls(List<Asked> all) {
        Collection<List<Asked>> together = cluster
                ? all.stream()
                        .collect(groupingBy(
                                asked -> SlotHash.getSlot(asked.question().keys()[0])))
                        .values()
                : List.of(all);
        List<List<Asked>> calls = new ArrayList<>();
        for (List<Asked> some : together) {
            for (int from = 0; from < some.size(); from += PER_CALL) {
                calls.add(some.subList(from, Math.min(some.size(), from + PER_CALL)));
            }
        }
        return calls;
    }

    private CompletableFuture<Void> ask(List<Asked> call) {
        byte[][] keys = call.stream()
                .flatMap(asked -> Arrays.stream(asked.question().keys()))
                .toArray(byte[][]::new);
        byte[][] args = call.stream()
                .flatMap(asked -> Arrays.stream(asked.question().args()))
                .toArray(byte[][]::new);
        return Script.LOOK.run(link, TIMEOUT, keys, args).thenAccept(answers -> {
            for (int i = 0; i < call.size(); i++) {
                long answer = Bytes.number(answers.get(i));
                if (answer > 0) {
                    call.get(i).sleeper().wake(answer == 1 ? Reason.WORK : Reason.CHANGE);
                }
            }
        });
    }
}
