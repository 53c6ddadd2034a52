package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Consumer;
import io.lettuce.core.XClaimArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.internal.redis.GroupSteps.Reclaimed;
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

/** What is taken over, and what is left to whom it belongs. */
@ExtendWith(EmbeddedRedisExtension.class)
class ReclaimIT {

    private static final Duration ACK_DEADLINE = Duration.ofSeconds(30);
    private static final String STREAM = "oq:{orders:0}:s";

    @RegisterExtension
    final Connections connections = new Connections();

    private RedisLinks links;
    private RedisCommands<String, String> raw;
    private GroupSteps steps;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        links = connections.links(redis);
        raw = connections.raw(redis);
        PartitionKeys keys = new PartitionKeys("oq", "orders", 0);
        steps = new GroupSteps(links, keys, "billing", "me", "competing");
        steps.ensure(Position.earliest(), false).join();
        EncodedMessage message =
                new EncodedMessage(new byte[] {'1'}, new byte[0], new byte[0], new byte[0], new byte[0]);
        PublishSteps publisher = new PublishSteps(
                links.commands(), keys, "producer", Duration.ofHours(1), OptionalLong::empty, due -> {});
        publisher.append(1, 0, Collections.nCopies(5_001, message)).join();
    }

    /** R#23: XAUTOCLAIM from the beginning looks at so many fresh ones only, and never comes to the stale one. */
    @Test
    void findsTheOneStaleEntryBehindFiveThousandFreshOnes() {
        read("busy", 5_000);
        String last = read("dead", 1).get(0);
        raw.xclaim(STREAM, Consumer.from("billing", "dead"), new XClaimArgs().idle(60_000), last);

        Reclaimed reclaimed = steps.reclaim(ACK_DEADLINE, 10, List.of()).join();

        assertThat(reclaimed.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.id().toString()).isEqualTo(last);
        });
        assertThat(reclaimed.mine()).isEmpty();
    }

    /** R#19: what is taken over counts an attempt, so no more is taken than can start. */
    @Test
    void takesNoMoreThanItIsAskedFor() {
        List<String> all = read("dead", 100);
        raw.xclaim(STREAM, Consumer.from("billing", "dead"), new XClaimArgs().idle(60_000), all.toArray(String[]::new));

        assertThat(steps.reclaim(ACK_DEADLINE, 3, List.of()).join().entries()).hasSize(3);
        assertThat(raw.xpending(STREAM, "billing").getConsumerMessageCount())
                .containsEntry("dead", 97L)
                .containsEntry("me", 3L);
    }

    @SuppressWarnings("unchecked") // an array of one stream
    private List<String> read(String consumer, int count) {
        return raw
                .xreadgroup(
                        Consumer.from("billing", consumer),
                        XReadArgs.Builder.count(count),
                        StreamOffset.lastConsumed(STREAM))
                .stream()
                .map(entry -> entry.getId())
                .toList();
    }
}
