package io.oqronkit.pubsub.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class BatchTest {

    private final Queue<Bundle> waiting = new ArrayDeque<>();

    @Test
    void takesAtMost128Messages() {
        for (int i = 0; i < 200; i++) {
            waiting.add(bundle(1, 10));
        }

        assertThat(Batch.take(1, 0, waiting).messages()).hasSize(128);
        assertThat(Batch.take(2, 0, waiting).messages()).hasSize(72);
        assertThat(waiting).isEmpty();
    }

    @Test
    void takesAtMostOneMebibyteOfPayloadKeyAndHeaders() {
        int quarter = 256 * 1024;
        for (int i = 0; i < 5; i++) {
            waiting.add(bundle(1, quarter));
        }

        assertThat(Batch.take(1, 0, waiting).messages()).hasSize(4);
        assertThat(waiting).hasSize(1);
    }

    @Test
    void givesTheLaterHalfOfItsBundlesAwayButNeverTheLast() {
        for (int i = 1; i <= 3; i++) {
            waiting.add(bundle(i, 1));
        }
        Batch batch = Batch.take(1, 0, waiting);

        assertThat(batch.splitOff()).extracting(Bundle::count).containsExactly(3);
        assertThat(batch.splitOff()).extracting(Bundle::count).containsExactly(2);
        assertThat(batch.splitOff()).isEmpty();
        assertThat(batch.messages()).hasSize(1);
    }

    @Test
    void neverSplitsABundle() {
        waiting.add(bundle(500, 1));
        waiting.add(bundle(13, 1));

        assertThat(Batch.take(1, 0, waiting).messages()).hasSize(500);
        assertThat(Batch.take(2, 0, waiting).messages()).hasSize(13);
    }

    @Test
    void takesOneBundleHoweverLargeItIs() {
        waiting.add(bundle(2000, 1));
        waiting.add(bundle(1, 3 * 1024 * 1024));

        assertThat(Batch.take(1, 0, waiting).messages()).hasSize(2000);
        assertThat(Batch.take(2, 0, waiting).messages()).hasSize(1);
    }

    @Test
    void keepsTheOrderOfTheQueue() {
        Bundle first = bundle(1, 1);
        Bundle second = bundle(1, 1);
        waiting.add(first);
        waiting.add(second);

        assertThat(Batch.take(1, 0, waiting).bundles).containsExactly(first, second);
    }

    private static Bundle bundle(int messages, int bytes) {
        EncodedMessage message =
                new EncodedMessage(new byte[bytes], new byte[0], new byte[0], new byte[0], new byte[0]);
        return new Bundle(Collections.nCopies(messages, message), 0, true);
    }
}
