package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.read.Feed;
import io.oqronkit.pubsub.internal.redis.RedisLink;

/** How a subscription shares its group's messages with other processes: the parts that differ between consumer modes. */
interface Sharing {

    /** From where a partition's reader reads; also called for partitions that come later. */
    Feed feed(GroupPartition partition, RedisLink reader);

    /** Called once all partitions there are have their feed. */
    void start();

    void pause();

    void resume();

    /** Takes on nothing more. */
    void stop();

    /** After {@link #stop}: waits until nothing more can come in; before the workers are waited for. */
    void awaitStopped(long atMostMs) throws InterruptedException;

    /** After all handlers are done: waits until everything is settled or handed over. */
    void awaitLeft(long atMostMs) throws InterruptedException;
}
