package io.oqronkit.pubsub.internal.order;

import io.oqronkit.pubsub.internal.deliver.Delivery;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Held;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which delivery of a partition is next: a lane for each key, or one for all, in which a delivery begins when the one
 * before it is done for good. A retry waits at the head of its lane and holds up that lane alone.
 *
 * <p>Safe for concurrent use. The lock guards the lanes; what follows from a change is done behind it.
 */
final class Lanes {

    /** A delivery in its lane. {@code counted}: Redis knows of the attempt it is about to make. */
    private static final class Item {
        private Delivery delivery;
        private boolean counted;

        Item(Delivery delivery, boolean counted) {
            this.delivery = delivery;
            this.counted = counted;
        }

        /** How many attempts have been made by now, as it has not begun this one. */
        Held unstarted() {
            Held held = delivery.held();
            return counted ? new Held(held.generation(), held.lease(), held.ref(), held.attempt() - 1) : held;
        }
    }

    private static final class Lane {
        private final Object key;
        private final Deque<Item> items = new ArrayDeque<>();
        /** With a worker, who may still be at it when the items are gone. */
        private @Nullable Delivery active;
        /** The head waits for its backoff, or for Redis to count its attempt. */
        private boolean waits;

        private @Nullable Duration retryAfter;

        Lane(Object key) {
            this.key = key;
        }

        boolean idle() {
            return active == null && !waits;
        }
    }

    /** What follows from a change of the lanes. */
    interface Steps {
        /** To a worker. */
        void start(Delivery delivery);

        /** Have its next attempt counted; then {@link #counted} or {@link #gone}. */
        void count(Delivery delivery);

        /** Call {@link #due} then. */
        void later(Delivery delivery, Duration delay);

        /** A delivery could not begin because its deadline has passed: the lease is no longer to be relied on. */
        void tooLate();
    }

    private final GroupPartition partition;
    private final Function<Delivery, Object> laneOf;
    private final Steps steps;
    private final Map<Object, Lane> lanes = new HashMap<>();
    private boolean stopped = true;
    private int held;

    Lanes(GroupPartition partition, Function<Delivery, Object> laneOf, Steps steps) {
        this.partition = partition;
        this.laneOf = laneOf;
        this.steps = steps;
    }

    /** Deliveries may begin. */
    void open() {
        changed(then -> stopped = false);
    }

    /** @param counted false for those taken over, which may have been tried before */
    void add(List<Delivery> deliveries, boolean counted) {
        changed(then -> {
            for (Delivery delivery : deliveries) {
                Lane lane = lanes.computeIfAbsent(laneOf.apply(delivery), Lane::new);
                lane.items.add(new Item(delivery, counted));
                held++;
                next(lane, then);
            }
        });
    }

    /** Called by the handler's thread, before {@link #ended}. */
    void retryAfter(Delivery delivery, Duration delay) {
        changed(then -> {
            Lane lane = lanes.get(laneOf.apply(delivery));
            if (lane != null && lane.active == delivery) {
                lane.retryAfter = delay;
            }
        });
    }

    /** Nothing more begins, and this one stays at the head of its lane. Called by the handler's thread. */
    void haltAt(Delivery delivery) {
        retryAfter(delivery, Duration.ZERO);
        stop(List.of());
    }

    void ended(Delivery delivery) {
        changed(then -> {
            Lane lane = lanes.get(laneOf.apply(delivery));
            if (lane == null || lane.active != delivery) {
                return;
            }
            Duration retry = lane.retryAfter;
            lane.active = null;
            lane.retryAfter = null;
            Item head = lane.items.peekFirst();
            if (head != null && head.delivery == delivery) {
                afterHead(lane, head, retry, then);
            }
            next(lane, then);
        });
    }

    private void afterHead(Lane lane, Item head, @Nullable Duration retry, List<Runnable> then) {
        Delivery delivery = head.delivery;
        boolean overdue = delivery.isLost(); // it ran longer than it may, and the lease is still ours
        if (retry != null || overdue) {
            head.counted = false;
            lane.waits = !stopped;
            Duration delay = retry == null ? Duration.ZERO : retry;
            if (lane.waits) {
                then.add(() -> steps.later(delivery, delay));
            }
        } else if (!delivery.hasStarted() && !delivery.isVoid()) {
            lane.waits = true; // until the lease is lost
            then.add(steps::tooLate);
        } else {
            removeHead(lane);
        }
    }

    /** The backoff is over. */
    void due(Delivery delivery) {
        ifHeadWaits(delivery, (lane, then) -> then.add(() -> steps.count(delivery)));
    }

    /** Redis has counted the attempt. */
    void counted(Delivery delivery) {
        ifHeadWaits(delivery, (lane, then) -> {
            Item head = lane.items.getFirst();
            head.delivery = partition.holdAgain(delivery);
            head.counted = true;
            lane.waits = false;
            next(lane, then);
        });
    }

    /** It is no longer pending: settled, or replayed. */
    void gone(Delivery delivery) {
        ifHeadWaits(delivery, (lane, then) -> {
            partition.drop(List.of(delivery));
            lane.waits = false;
            removeHead(lane);
            next(lane, then);
        });
    }

    private interface HeadChange {
        void apply(Lane lane, List<Runnable> then);
    }

    private void ifHeadWaits(Delivery delivery, HeadChange change) {
        changed(then -> {
            Lane lane = lanes.get(laneOf.apply(delivery));
            Item head = lane == null ? null : lane.items.peekFirst();
            if (lane != null && head != null && lane.waits && head.delivery == delivery) {
                change.apply(lane, then);
            }
        });
    }

    private void removeHead(Lane lane) {
        lane.items.removeFirst();
        held--;
    }

    private void next(Lane lane, List<Runnable> then) {
        Item head = lane.items.peekFirst();
        if (stopped || !lane.idle()) {
            return;
        }
        if (head == null) {
            lanes.remove(lane.key);
        } else if (head.counted) {
            lane.active = head.delivery;
            Delivery delivery = head.delivery;
            then.add(() -> steps.start(delivery));
        } else {
            lane.waits = true;
            Delivery delivery = head.delivery;
            then.add(() -> steps.count(delivery));
        }
    }

    /**
     * Nothing more begins, until the lanes are opened again.
     *
     * @param withdrawn what was taken back from the workers, not started
     */
    void stop(List<Delivery> withdrawn) {
        changed(then -> {
            stopped = true;
            Set<Delivery> back = new HashSet<>(withdrawn);
            for (Lane lane : lanes.values()) {
                lane.waits = false;
                if (lane.active != null && back.contains(lane.active)) {
                    lane.active = null;
                }
            }
        });
    }

    /** Everything is somebody else's now. A lane whose handler still runs stays shut until that has ended. */
    void clear(List<Delivery> withdrawn) {
        stop(withdrawn);
        changed(then -> {
            lanes.values().forEach(lane -> lane.items.clear());
            lanes.values().removeIf(Lane::idle);
            held = 0;
        });
    }

    /** True if no handler runs. */
    synchronized boolean quiet() {
        return lanes.values().stream().allMatch(lane -> lane.active == null);
    }

    /** What is held and not begun, for those that come after. */
    synchronized List<Held> unstarted() {
        List<Held> unstarted = new ArrayList<>();
        lanes.values().forEach(lane -> lane.items.forEach(item -> unstarted.add(item.unstarted())));
        return unstarted;
    }

    synchronized Set<Delivery> deliveries() {
        Set<Delivery> all = new HashSet<>();
        lanes.values().forEach(lane -> lane.items.forEach(item -> all.add(item.delivery)));
        return all;
    }

    /** How many wait for another one to end. */
    synchronized int waiting() {
        return Math.max(0, held - lanes.size());
    }

    private void changed(Consumer<List<Runnable>> change) {
        List<Runnable> then = new ArrayList<>(1);
        synchronized (this) {
            change.accept(then);
        }
        then.forEach(Runnable::run);
    }
}
