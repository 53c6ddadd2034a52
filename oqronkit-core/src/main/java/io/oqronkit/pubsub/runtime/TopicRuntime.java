package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import io.oqronkit.pubsub.internal.publish.Publisher;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import io.oqronkit.pubsub.internal.retain.Trimmer.Limits;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the views of one topic share in this process.
 *
 * @param limits those the topic was last opened with
 */
record TopicRuntime(
        String name,
        List<PartitionKeys> partitions,
        Publisher publisher,
        DefaultTopicAdmin admin,
        AtomicReference<Limits> limits) {}
