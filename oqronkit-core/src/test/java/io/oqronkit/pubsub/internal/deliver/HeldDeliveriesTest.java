package io.oqronkit.pubsub.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.internal.redis.Lease;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeldDeliveriesTest {

    private final HeldDeliveries held = new HeldDeliveries();

    @Test
    void losesNothingInWhateverOrderDeliveriesComeAndGo() {
        Random random = new Random(7);
        List<Delivery> expected = new ArrayList<>();
        List<Delivery> gone = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            if (expected.isEmpty() || random.nextInt(5) < 3) {
                Delivery fresh = delivery();
                held.add(fresh);
                expected.add(fresh);
            } else {
                Delivery leaving = expected.remove(random.nextInt(expected.size()));
                held.removeAll(List.of(leaving));
                gone.add(leaving);
            }
        }

        assertThat(held.copy()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(held.count()).isEqualTo(expected.size());
        assertThat(expected).allMatch(held::contains);
        assertThat(gone).noneMatch(held::contains);
    }

    @Test
    void passesOverWhatIsNotHeldAnyMore() {
        Delivery one = delivery();
        Delivery other = delivery();
        held.add(one);
        held.add(other);
        held.removeAll(List.of(one, one, delivery()));
        held.removeAll(List.of(one));

        assertThat(held.copy()).containsExactly(other);
        held.removeAll(List.of(other));
        assertThat(held.count()).isZero();
    }

    @SuppressWarnings("NullAway") // of no partition, which is not asked
    private static Delivery delivery() {
        byte[] none = new byte[0];
        return new Delivery(null, new StoredEntry(1, 1, none, none, none, 1, null), 1, Lease.NONE, false, 0);
    }
}
