package io.oqronkit.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SeenTest {

    private final Seen seen = new Seen();

    @Test
    void whatAnEarlierTestLeftBehindIsNotCounted() {
        seen.onAttempt(attempt(0, 1));
        seen.onPublished(OutgoingMessage.of("second"), receipt(2, false));
        seen.begin();

        seen.onAttempt(attempt(0, 2));
        assertThat(seen.attempts("orders", "ledger")).isEmpty();

        seen.onAttempt(attempt(0, 3));
        seen.onAttempt(attempt(1, 1));
        assertThat(seen.attempts("orders", "ledger")).containsExactly(attempt(0, 3), attempt(1, 1));
    }

    @Test
    void afterAResetAnotherAttemptAtTheSameMessageIsCounted() {
        seen.onAttempt(attempt(0, 1));
        seen.forget();

        seen.onAttempt(attempt(0, 1));

        assertThat(seen.attempts("orders", "ledger")).hasSize(1);
    }

    @Test
    void aDuplicateIsNotPublished() {
        seen.onPublished(OutgoingMessage.of("first"), receipt(1, false));
        seen.onPublished(OutgoingMessage.of("again"), receipt(1, true));

        assertThat(seen.published("orders"))
                .<Object>extracting(OutgoingMessage::payload)
                .containsExactly("first");
        assertThat(seen.published("invoices")).isEmpty();
    }

    @Test
    void aWaitEndsWithTheEventAndNotWithItsBound() throws Exception {
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> seen.await(
                        () -> seen.attempts("orders", "ledger"), 2, System.nanoTime() + TimeUnit.MINUTES.toNanos(5))
                .size());

        seen.onAttempt(attempt(0, 1));
        seen.onAttempt(attempt(0, 2));

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }

    private static Attempt attempt(int partition, long offset) {
        return new Attempt("orders", "ledger", new MessageId(partition, Instant.EPOCH, offset), 1, Outcome.ACK, "");
    }

    private static PublishReceipt receipt(long offset, boolean duplicate) {
        return new PublishReceipt("orders", new MessageId(0, Instant.EPOCH, offset), duplicate);
    }
}
