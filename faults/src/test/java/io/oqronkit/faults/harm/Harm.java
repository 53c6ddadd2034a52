package io.oqronkit.faults.harm;

/**
 * One fault.
 *
 * @param target the process it hit, or {@link #ALL}
 * @param from µs since 1970
 * @param to the same, when it was over
 */
public record Harm(Kind kind, String target, long from, long to) {

    /** A fault of the server, the network or the stored state: it may touch every process. */
    public static final String ALL = "*";

    /** What was done, and how many µs before it a delivery may have begun to suffer from it. */
    public enum Kind {
        KILL_REDIS(3_000_000),
        STOP_REDIS(3_000_000),
        CUT_NETWORK(3_000_000),
        STALL_NETWORK(3_000_000),
        SWALLOW_REPLIES(3_000_000),
        KILL_CONSUMER(3_000_000),
        STOP_CONSUMER(3_000_000),
        KILL_PUBLISHER(0),
        TERM_CONSUMER(0),
        FLUSH_SCRIPTS(0),
        /** A partition changes its master: nothing comes again for that. */
        MOVE_SLOT(0),
        DELETE_META(0),
        DELETE_SCHEDULE(0),
        FILL_MEMORY(0),
        /** A group is made again where it stood at the last note, taken every 5 s: at the first it had not finished. */
        DESTROY_GROUP(30_000_000),
        FLUSH_ALL(12_000_000),
        /** Not done by a test: the machine gave a process no time, so it could not keep its deadlines. */
        STARVED(3_000_000),
        /** All of Redis' timers follow its clock (R finding 4). */
        JUMP_CLOCK(12_000_000);

        private final long reach;

        Kind(long reach) {
            this.reach = reach;
        }

        /** Whether a message may come again because of it. */
        public boolean causesRedelivery() {
            return reach > 0;
        }
    }

    /** Whether what a process did between these moments may have gone wrong because of this. */
    public boolean explains(String process, long begun, long over) {
        return kind.causesRedelivery()
                && (target.equals(ALL) || target.equals(process))
                && begun <= to + kind.reach
                && over >= from - kind.reach;
    }
}
