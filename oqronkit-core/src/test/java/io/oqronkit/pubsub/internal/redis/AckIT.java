package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.pubsub.Position;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is settled together, of the log and redriven, under ids of any size. */
@ExtendWith(EmbeddedRedisExtension.class)
class AckIT {

    private static final String LARGEST = "18446744073709551615";

    private final PartitionKeys keys = new PartitionKeys("oq", "orders", 0);
    private final String log = Bytes.text(keys.ofGroup("billing")[0]);
    private final String redriven = Bytes.text(keys.ofGroup("billing")[1]);

    @RegisterExtension
    final Connections connections = new Connections();

    private RedisLinks links;
    private RedisCommands<String, String> raw;
    private GroupSteps steps;

    @BeforeEach
    void connect(EmbeddedRedis redis) {
        links = connections.links(redis);
        raw = connections.raw(redis);
        steps = new GroupSteps(links, keys, "billing", "me", "competing");
        steps.ensure(Position.earliest(), false).join();
    }

    @Test
    void settlesRedrivenMessagesAndThoseOfTheLogInOneCall() {
        raw.xadd(log, id("7-1"), Map.of("p", "1"));
        raw.xadd(log, id("7-2"), Map.of("p", "2"));
        raw.xadd(redriven, id("9-0"), "p", "0", "k", "", "h", "", "i", "5-1");
        raw.xadd(redriven, id("9-1"), "p", "0", "k", "", "h", "", "i", "5-2");
        List<StoredEntry> mixed = read().stream()
                .sorted(Comparator.comparing(entry -> entry.offset()))
                .toList();

        assertThat(mixed).extracting(StoredEntry::redriven).containsExactly(false, true, false, true);
        assertThat(steps.ack(1, Lease.NONE, mixed).join()).isZero();

        assertNothingIsPending();
        assertThat(raw.xlen(redriven)).isZero();
        assertThat(raw.xlen(log)).isEqualTo(2);
    }

    /** What somebody else has written under an id that is larger than a signed number must not stop what is settled with it. */
    @Test
    void settlesTheLargestIdThatRedisKnows() {
        raw.xadd(log, id("7-1"), Map.of("p", "1"));
        raw.xadd(log, id(LARGEST + "-" + LARGEST), Map.of("p", "2"));

        assertThat(steps.ack(1, Lease.NONE, read()).join()).isZero();

        assertNothingIsPending();
    }

    private List<StoredEntry> read() {
        return steps.read(links.commands(), 10, Duration.ofMillis(1), GroupState.UNKNOWN)
                .join()
                .entries();
    }

    private void assertNothingIsPending() {
        assertThat(raw.xpending(log, "billing").getCount()).isZero();
        assertThat(raw.xpending(redriven, "billing").getCount()).isZero();
    }

    private static XAddArgs id(String id) {
        return new XAddArgs().id(id);
    }
}
