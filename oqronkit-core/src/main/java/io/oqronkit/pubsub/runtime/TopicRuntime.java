package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import io.oqronkit.pubsub.internal.publish.Publisher;
import io.oqronkit.pubsub.internal.publish.Publishing;
import io.oqronkit.pubsub.internal.redis.AdminSteps;
import io.oqronkit.pubsub.internal.redis.BatchStore;
import io.oqronkit.pubsub.internal.redis.DeadLetterSteps;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.redis.PublishSteps;
import io.oqronkit.pubsub.internal.redis.RedisLinks;
import io.oqronkit.pubsub.internal.redis.Replication;
import io.oqronkit.pubsub.internal.redis.RetentionSteps;
import io.oqronkit.pubsub.internal.redis.ScheduleSteps;
import io.oqronkit.pubsub.internal.redis.Shares;
import io.oqronkit.pubsub.internal.retain.Trimmer;
import io.oqronkit.pubsub.internal.schedule.DueMover;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** What the views of one topic share in this process. Its partitions become more, never fewer. Safe for concurrent use. */
final class TopicRuntime {

    private final String name;
    private final String keyPrefix;
    private final RedisLinks links;
    private final Replication replication;
    private final Instance instance;
    private final CurrentSpec spec;
    private final Publisher publisher;
    private final Publishing publishing;
    private final DefaultTopicAdmin admin;
    private final List<PartitionKeys> partitions = new CopyOnWriteArrayList<>();
    private final List<AdminSteps> adminSteps = new CopyOnWriteArrayList<>();
    private final List<DeadLetterSteps> deadLetters = new CopyOnWriteArrayList<>();
    private final List<Trimmer.Partition> trimmed = new CopyOnWriteArrayList<>();

    TopicRuntime(
            CurrentSpec spec,
            DefaultPubSub.Settings settings,
            RedisLinks links,
            Replication replication,
            Instance instance,
            Executor callbacks) {
        this.name = spec.get().name();
        this.keyPrefix = settings.keyPrefix();
        this.links = links;
        this.replication = replication;
        this.instance = instance;
        this.spec = spec;
        this.publisher = new Publisher(name, settings.codec(), settings.publishTimeout(), links.timer(), callbacks);
        this.publishing = instance.watch().over(publisher, name);
        this.admin = new DefaultTopicAdmin(name, adminSteps, deadLetters, spec::get);
    }

    String name() {
        return name;
    }

    /** Those there are by now. */
    List<PartitionKeys> partitions() {
        return partitions;
    }

    List<Trimmer.Partition> trimmed() {
        return trimmed;
    }

    Publishing publisher() {
        return publishing;
    }

    /** Ends every publish whose time is over. */
    void failOverduePublishes() {
        publisher.failOverdue();
    }

    DefaultTopicAdmin admin() {
        return admin;
    }

    CurrentSpec spec() {
        return spec;
    }

    /** Without effect if there are as many already. */
    synchronized void growTo(int count) {
        for (int number = partitions.size(); number < count; number++) {
            PartitionKeys keys = new PartitionKeys(keyPrefix, name, number);
            AdminSteps steps = new AdminSteps(links.control(), keys);
            adminSteps.add(steps);
            deadLetters.add(new DeadLetterSteps(links.control(), keys));
            partitions.add(keys);
            trimmed.add(new Trimmer.Partition(new RetentionSteps(links.control(), keys, partitions::size), steps));
            publisher.add(store(keys));
        }
    }

    /** The steps that store messages, and the moving of those that they schedule. */
    private BatchStore store(PartitionKeys keys) {
        ScheduleSteps schedule =
                new ScheduleSteps(links.control(), keys, spec.get().idempotencyWindow());
        DueMover mover = new DueMover(keys.toString(), schedule, links.timer());
        mover.start();
        links.lookout().add(mover);
        PublishSteps steps = new PublishSteps(
                links.commands(),
                keys,
                instance.name(),
                spec.get().idempotencyWindow(),
                () -> Shares.of(spec.get().retention(), partitions.size()).reject(),
                mover::expect);
        return instance.watch().over(replication.guard(steps, keys, instance.name()), name);
    }
}
