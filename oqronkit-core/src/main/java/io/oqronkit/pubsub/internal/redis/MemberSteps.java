package io.oqronkit.pubsub.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who takes part in an ordered group: {@code member.lua}. Safe for concurrent use. */
public final class MemberSteps {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final RedisLink control;
    private final byte[][] keys;
    private final byte[] instance;

    /** @param first partition 0 of the topic, which keeps the list for all */
    public MemberSteps(RedisLinks links, PartitionKeys first, String group, String instance) {
        this.control = links.control();
        this.keys = new byte[][] {first.members(group)};
        this.instance = Bytes.of(instance);
    }

    /**
     * @param names the longest member first
     * @param nextEnds how long until one of the others no longer counts unless it says so again; a day if there is none
     */
    public record Members(List<String> names, Duration nextEnds) {}

    /** Takes part for {@code ttl} from now. */
    public CompletableFuture<Members> join(Duration ttl) {
        return say(ttl.toMillis());
    }

    public CompletableFuture<Members> leave() {
        return say(0);
    }

    private CompletableFuture<Members> say(long ttlMs) {
        return Script.MEMBER
                .run(control, TIMEOUT, keys, instance, Bytes.of(ttlMs))
                .thenApply(reply -> {
                    List<String> names = new ArrayList<>(reply.size() - 1);
                    reply.stream().skip(1).forEach(name -> names.add(Bytes.text(name)));
                    long soonest = Bytes.number(reply.get(0));
                    return new Members(names, soonest < 0 ? Duration.ofDays(1) : Duration.ofMillis(soonest));
                });
    }
}
