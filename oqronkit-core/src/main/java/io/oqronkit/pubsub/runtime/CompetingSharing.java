package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.read.Feed;
import io.oqronkit.pubsub.internal.read.SharedFeed;
import io.oqronkit.pubsub.internal.reclaim.Reclaimer;
import io.oqronkit.pubsub.internal.redis.RedisLink;

/** Every process reads every partition, and takes over what is due or abandoned. */
final class CompetingSharing implements Sharing {

    private final Workers workers;
    private final Reclaimer reclaimer;
    private final Thread reclaiming;

    CompetingSharing(Workers workers, Reclaimer reclaimer, Thread reclaiming) {
        this.workers = workers;
        this.reclaimer = reclaimer;
        this.reclaiming = reclaiming;
    }

    @Override
    public Feed feed(GroupPartition partition, RedisLink reader) {
        return new SharedFeed(partition, workers, reader);
    }

    @Override
    public void start() {
        reclaiming.start();
    }

    @Override
    public void pause() {
        reclaimer.pause();
    }

    @Override
    public void resume() {
        reclaimer.resume();
    }

    @Override
    public void stop() {
        reclaimer.stop();
        reclaiming.interrupt();
    }

    @Override
    public void awaitStopped(long atMostMs) throws InterruptedException {
        reclaiming.join(atMostMs);
    }

    @Override
    public void awaitLeft(long atMostMs) {
        // what is not settled stays pending for the others
    }
}
