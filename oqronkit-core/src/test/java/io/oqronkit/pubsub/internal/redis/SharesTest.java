package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Retention.CapAction;
import org.junit.jupiter.api.Test;

class SharesTest {

    @Test
    void areEvenAndRoundedUp() {
        Shares shares = Shares.of(Retention.of(null, 10).cap(11, CapAction.DROP_OLDEST), 3);

        assertThat(shares.maxCount()).hasValue(4);
        assertThat(shares.dropOldest()).hasValue(4);
        assertThat(shares.reject()).isEmpty();
        assertThat(Shares.of(Retention.forever(), 3).maxCount()).isEmpty();
    }

    @Test
    void leaveATenthOfACapThatRejectsFreeOfFinishedMessages() {
        assertThat(Shares.of(Retention.of(null, 100).cap(100, CapAction.REJECT), 1)
                        .maxCount())
                .hasValue(90);
        assertThat(Shares.of(Retention.of(null, 50).cap(100, CapAction.REJECT), 1)
                        .maxCount())
                .hasValue(50);
        assertThat(Shares.of(Retention.forever().cap(1, CapAction.REJECT), 1).maxCount())
                .hasValue(0);
    }
}
