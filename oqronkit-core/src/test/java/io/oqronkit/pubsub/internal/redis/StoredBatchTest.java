package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoredBatchTest {

    @Test
    void messagesFollowEachOther() {
        StoredBatch batch = StoredBatch.of(List.of(7L, 41L, 0L));

        assertThat(batch.id(0)).isEqualTo(new EntryId(7, 41));
        assertThat(batch.id(2)).isEqualTo(new EntryId(7, 43));
        assertThat(batch.isDuplicate(0)).isFalse();
    }

    @Test
    void messagesThatWereThereAlreadyLeaveNoGap() {
        StoredBatch batch = StoredBatch.of(List.of(7L, 41L, 0L, 1L, 3L, 12L, 1L, 3L, 5L, 20L, 1L));

        assertThat(batch.id(0)).isEqualTo(new EntryId(3, 12));
        assertThat(batch.id(1)).isEqualTo(new EntryId(7, 41));
        assertThat(batch.id(2)).isEqualTo(new EntryId(5, 20));
        assertThat(batch.id(3)).isEqualTo(new EntryId(7, 42));
        assertThat(batch.isDuplicate(0)).isTrue();
        assertThat(batch.isDuplicate(1)).isFalse();
    }

    @Test
    void scheduledMessagesTakeNoOffsetAndAreNoDuplicates() {
        StoredBatch batch = StoredBatch.of(List.of(7L, 41L, 0L, 1L, 500L, -12L, 0L, 3L, 400L, -14L, 1L));

        assertThat(batch.id(0)).isEqualTo(new EntryId(500, -12));
        assertThat(batch.id(1)).isEqualTo(new EntryId(7, 41));
        assertThat(batch.id(3)).isEqualTo(new EntryId(7, 42));
        assertThat(batch.isDuplicate(0)).isFalse();
        assertThat(batch.isDuplicate(2)).isTrue();
        assertThat(batch.firstDueMs()).hasValue(400);
    }

    @Test
    void aBatchWithNothingScheduledIsNotWaitedFor() {
        assertThat(StoredBatch.of(List.of(7L, 41L, 0L, 1L, 3L, 12L, 1L)).firstDueMs())
                .isEmpty();
    }

    @Test
    void aBatchSentAgainIsADuplicateInAllItsParts() {
        assertThat(StoredBatch.of(List.of(7L, 41L, 1L)).isDuplicate(5)).isTrue();
    }
}
