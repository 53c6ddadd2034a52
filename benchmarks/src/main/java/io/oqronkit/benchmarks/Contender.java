package io.oqronkit.benchmarks;

/** A way to publish and consume through Redis. */
interface Contender {

    /** As it stands in the table. */
    String name();

    Session open(Server server);

    /** How many messages it gets where a fast one gets {@code full}: what is measured is a rate. */
    default int messages(int full) {
        return full;
    }

    /** Whether the client sends this command, in lower case; if not, only its scripts do, within Redis. */
    default boolean sends(String command) {
        return true;
    }
}
