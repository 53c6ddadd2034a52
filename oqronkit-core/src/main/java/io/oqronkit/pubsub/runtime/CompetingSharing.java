package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.deliver.Workers;
import io.oqronkit.pubsub.internal.read.Feed;
import io.oqronkit.pubsub.internal.read.SharedFeed;
import io.oqronkit.pubsub.internal.reclaim.Reclaimer;
import io.oqronkit.pubsub.internal.redis.Lookout;
import io.oqronkit.pubsub.internal.redis.Lookout.Question;
import io.oqronkit.pubsub.internal.redis.Lookout.Reason;
import io.oqronkit.pubsub.internal.redis.Lookout.Sleeper;
import io.oqronkit.pubsub.internal.redis.RedisLink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every process reads every partition, and takes over what is due or abandoned. */
final class CompetingSharing implements Sharing {

    private final Workers workers;
    private final Reclaimer reclaimer;
    private final Thread reclaiming;
    private final Lookout lookout;
    private final List<Sleeper> sleepers = new CopyOnWriteArrayList<>();
    private volatile boolean started;

    CompetingSharing(Workers workers, Reclaimer reclaimer, Thread reclaiming, Lookout lookout) {
        this.workers = workers;
        this.reclaimer = reclaimer;
        this.reclaiming = reclaiming;
        this.lookout = lookout;
    }

    @Override
    public Feed feed(GroupPartition partition, RedisLink reader) {
        reclaimer.watch(partition);
        SharedFeed feed = new SharedFeed(partition, workers, reader);
        Sleeper sleeper = new IdlePartition(partition, feed);
        sleepers.add(sleeper);
        if (started) {
            lookout.add(sleeper);
        }
        return feed;
    }

    /** Its reader need not be told of work: that comes by itself. */
    private final class IdlePartition implements Sleeper {
        private final GroupPartition partition;
        private final Feed feed;

        IdlePartition(GroupPartition partition, Feed feed) {
            this.partition = partition;
            this.feed = feed;
        }

        @Override
        public Question question() {
            return partition.redis().question(partition.state());
        }

        @Override
        public void wake(Reason reason) {
            reclaimer.wake();
            if (reason == Reason.CHANGE) {
                feed.wake();
            }
        }
    }

    @Override
    public void start() {
        reclaiming.start();
        sleepers.forEach(lookout::add);
        started = true;
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
        sleepers.forEach(lookout::remove);
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
