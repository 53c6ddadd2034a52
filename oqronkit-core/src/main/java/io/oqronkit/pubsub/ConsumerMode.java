package io.oqronkit.pubsub;

/** How the processes of one group share its messages. */
public enum ConsumerMode {
    /** Any process and any worker takes the next message; no order is promised. The default. */
    COMPETING
}
