package io.oqronkit.pubsub.internal.deliver;

import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupPartitionTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final GroupPartition partition = partition();

    @Test
    void aDropWakesTheReaderThatWaitsForRoom() {
        Delivery one = hold(1);
        hold(2);
        Thread reader = started(() -> partition.awaitRoom(LONG, () -> partition.heldCount() < 2));
        await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);

        partition.drop(List.of(one));

        await().until(() -> !reader.isAlive());
    }

    @Test
    void thereIsNoWaitWhereThereIsRoom() {
        Thread reader = started(() -> partition.awaitRoom(LONG, () -> true));

        await().until(() -> !reader.isAlive());
    }

    private Delivery hold(long offset) {
        byte[] none = new byte[0];
        return partition.hold(new StoredEntry(1, offset, none, none, none, 1, null), 1, System.nanoTime());
    }

    private static Thread started(Runnable wait) {
        Thread reader = new Thread(wait, "reader");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    @SuppressWarnings("NullAway") // nothing is asked of Redis
    private static GroupPartition partition() {
        return new GroupPartition(new GroupEvents("orders", "billing", 0, event -> {}), null, LONG, null);
    }
}
