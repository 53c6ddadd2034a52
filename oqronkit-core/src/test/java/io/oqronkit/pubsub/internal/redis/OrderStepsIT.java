package io.oqronkit.pubsub.internal.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.internal.redis.OrderSteps.Claim;
import io.oqronkit.pubsub.internal.redis.OrderSteps.Taken;
import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The scripts of ordered groups keep Redis from others for a bounded time, however much they are asked for. */
@ExtendWith(EmbeddedRedisExtension.class)
class OrderStepsIT {

    private static final int MOST_PER_SCRIPT = 100;
    private static final int ASKED_FOR = 400;
    private static final Duration TTL = Duration.ofSeconds(30);

    @RegisterExtension
    final Connections connections = new Connections();

    private OrderSteps steps;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        RedisLinks links = connections.links(redis);
        PartitionKeys keys = new PartitionKeys("oq", "orders", 0);
        new GroupSteps(links, keys, "billing", "me", "exclusive")
                .ensure(Position.earliest(), false)
                .join();
        EncodedMessage message =
                new EncodedMessage(new byte[] {'1'}, new byte[0], new byte[0], new byte[0], new byte[0]);
        new PublishSteps(links.commands(), keys, "producer", Duration.ofHours(1), OptionalLong::empty, due -> {})
                .append(1, 0, Collections.nCopies(250, message))
                .join();
        steps = new OrderSteps(links, links.control(), keys, "billing", "me");
    }

    @Test
    void oneReadHandsOutAHundredAtMost() {
        Claim claim = steps.acquire(TTL).join();
        Lease lease = requireNonNull(claim.lease());

        assertThat(read(lease, claim)).isEqualTo(MOST_PER_SCRIPT);
        assertThat(read(lease, claim)).isEqualTo(MOST_PER_SCRIPT);
        assertThat(read(lease, claim)).isEqualTo(50);
    }

    @Test
    void oneScriptTakesOverAHundredAtMostAndTheNextOneGoesOnBehindThem() {
        Claim before = steps.acquire(TTL).join();
        Lease lease = requireNonNull(before.lease());
        for (int i = 0; i < 3; i++) {
            read(lease, before);
        }
        steps.release(lease, List.of()).join();
        Claim claim = steps.acquire(TTL).join();
        Lease next = requireNonNull(claim.lease());

        Taken first = steps.take(next, new byte[0], ASKED_FOR, claim.state()).join();
        Taken second = steps.take(next, first.last(), ASKED_FOR, claim.state()).join();
        Taken third = steps.take(next, second.last(), ASKED_FOR, claim.state()).join();

        assertThat(List.of(first, second, third))
                .extracting(taken -> taken.entries().size())
                .containsExactly(MOST_PER_SCRIPT, MOST_PER_SCRIPT, 50);
        assertThat(third.entries().get(49).id().offset()).isEqualTo(250);
    }

    private int read(Lease lease, Claim claim) {
        return steps.read(lease, ASKED_FOR, claim.state()).join().entries().size();
    }
}
