package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.internal.admin.DefaultTopicAdmin;
import io.oqronkit.pubsub.internal.publish.Publishing;
import io.oqronkit.pubsub.internal.redis.PartitionKeys;
import java.util.List;

/** What the views of one topic share in this process. */
record TopicRuntime(
        String name, List<PartitionKeys> partitions, Publishing publisher, DefaultTopicAdmin admin, CurrentSpec spec) {}
