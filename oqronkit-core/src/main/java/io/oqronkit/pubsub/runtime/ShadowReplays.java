package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.ShadowReplay;
import io.oqronkit.pubsub.ShadowReplaySpec;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.internal.deliver.DeliveryRules;
import io.oqronkit.pubsub.internal.deliver.GroupEvents;
import io.oqronkit.pubsub.internal.deliver.GroupPartition;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.GroupSteps;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.RedisFailure;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.ShadowSteps;
import io.oqronkit.pubsub.internal.redis.ShadowSteps.Range;
import io.oqronkit.pubsub.internal.shadow.Pace;
import io.oqronkit.pubsub.internal.shadow.Tally;
import io.oqronkit.pubsub.runtime.RunningShadowReplay.Part;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shadow replays of one {@code PubSub}. Safe for concurrent use. */
final class ShadowReplays {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.shadow");

    private final RedisLinks links;
    private final PayloadCodec codec;
    private final Instance instance;
    private final Set<ShadowReplay> running = ConcurrentHashMap.newKeySet();

    ShadowReplays(RedisLinks links, PayloadCodec codec, Instance instance) {
        this.links = links;
        this.codec = codec;
        this.instance = instance;
    }

    <T> ShadowReplay start(TopicSpec<T> topic, TopicRuntime runtime, ShadowReplaySpec<T> spec) {
        String name = ShadowSteps.groupName(Instance.randomHex());
        SubscriptionSpec<T> delivery = spec.deliveryTo(name);
        SubscriptionSettings settings = SubscriptionSettings.resolve(delivery.settings(), topic.deadLetter());
        DeliveryRules<T> rules =
                DeliveryRules.of(topic.name(), delivery, settings, codec, topic.type(), instance.classifier());
        List<Part> parts = new ArrayList<>();
        try {
            List<GroupPartition> partitions = new ArrayList<>();
            long total = 0;
            for (PartitionKeys keys : runtime.partitions()) {
                Part part = part(keys, name, settings);
                parts.add(part);
                Range range = part.steps()
                        .start(instance.name(), spec.from(), spec.to())
                        .join();
                if (range.count() == 0) {
                    parts.remove(part);
                } else {
                    total += range.count();
                    partitions.add(partition(part, rules, range, settings));
                }
            }
            Tally tally = new Tally(total, runtime.partitions().size(), Instant.now());
            DeliveryRules<T> paced = rules.replaying(Pace.atMost(spec.rate(), rules.handler()), tally);
            RunningSubscription subscription = RunningSubscription.over(partitions, paced, settings, links, instance);
            return watched(new RunningShadowReplay(parts, tally, subscription, running::remove), spec);
        } catch (RuntimeException e) {
            parts.forEach(part -> part.steps().end());
            throw e instanceof CompletionException ? refused(topic.name(), RedisFailure.of(e)) : e;
        }
    }

    private Part part(PartitionKeys keys, String name, SubscriptionSettings settings) {
        return new Part(
                new ShadowSteps(links.control(), keys, name),
                new GroupSteps(links, keys, name, instance.name(), settings.modeName()),
                new AdminSteps(links.control(), keys));
    }

    /** Listeners hear nothing of it: what happens to a shadow replay concerns who started it. */
    private GroupPartition partition(Part part, DeliveryRules<?> rules, Range range, SubscriptionSettings settings) {
        GroupEvents events =
                new GroupEvents(rules.topic(), rules.group(), part.steps().partition(), event -> {});
        GroupPartition partition = new GroupPartition(events, part.group(), settings.ackDeadline(), links.timer());
        partition.endWith(range.lastOffset());
        return partition;
    }

    private ShadowReplay watched(RunningShadowReplay replay, ShadowReplaySpec<?> spec) {
        running.add(replay);
        replay.start();
        log.info(
                "shadow replay started topic={} name={} from={} to={} messages={} rate={} dry-run={}",
                replay.topic(),
                replay.name(),
                spec.from(),
                spec.to(),
                replay.progress().total(),
                spec.rate().isPresent() ? spec.rate().getAsInt() + "/s" : "unlimited",
                spec.isDryRun());
        return replay;
    }

    private static PubSubException refused(String topic, RedisFailure failure) {
        return new PubSubException(
                "shadow replay of topic '%s' cannot be started: %s".formatted(topic, failure.getMessage()), failure);
    }

    List<ShadowReplay> running() {
        return List.copyOf(running);
    }
}
