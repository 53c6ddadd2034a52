package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.Position;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** R#37: names of killed processes do not pile up. */
@ExtendWith(EmbeddedRedisExtension.class)
class ConsumerNamesIT {

    @RegisterExtension
    final Connections connections = new Connections();

    private RedisLinks links;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        links = connections.links(redis);
    }

    @Test
    void removesTheNameOfASilentConsumerUnlessSomethingIsPendingForIt(EmbeddedRedis redis) {
        PartitionKeys keys = new PartitionKeys("oq", "orders", 0);
        GroupSteps living = member(keys, "living");
        member(keys, "silent");
        GroupSteps holding = member(keys, "holding");
        new PublishSteps(links.commands(), keys, "producer", Duration.ofHours(1), OptionalLong::empty, due -> {})
                .append(
                        1,
                        0,
                        List.of(new PublishSteps.EncodedMessage(
                                new byte[1], new byte[0], new byte[0], new byte[0], new byte[0])))
                .join();
        RedisLink reader = links.openReader();
        assertThat(holding.read(reader, 1, Duration.ofMillis(100), GroupState.UNKNOWN)
                        .join()
                        .entries())
                .hasSize(1);
        reader.close();

        await().untilAsserted(() -> {
            living.reclaim(Duration.ofHours(1), 1, Duration.ofMillis(1), List.of())
                    .join();
            assertThat(new AdminSteps(links.control(), keys)
                            .figures("billing", false)
                            .orElseThrow()
                            .consumers())
                    .isEqualTo(Set.of("living", "holding"));
        });
    }

    private GroupSteps member(PartitionKeys keys, String consumer) {
        GroupSteps steps = new GroupSteps(links, keys, "billing", consumer, "competing");
        steps.ensure(Position.latest(), false).join();
        return steps;
    }
}
