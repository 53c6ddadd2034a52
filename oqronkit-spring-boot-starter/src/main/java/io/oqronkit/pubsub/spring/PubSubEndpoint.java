package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.Subscription;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicStats;
import io.oqronkit.pubsub.spring.GroupReport.Letter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The topics this application has opened and their groups, over HTTP. What changes a group is there only with
 * {@code management.endpoint.pubsub.access=unrestricted}, and each change leaves a line in the audit log. Asks Redis on the
 * caller's thread. Safe for concurrent use.
 */
@WebEndpoint(id = "pubsub", defaultAccess = Access.READ_ONLY)
final class PubSubEndpoint {

    private static final int DEAD_LETTERS_SHOWN = 20;

    private final PubSub pubSub;
    private final PubSubEndpointProperties properties;
    private final PubSubAudit audit;

    PubSubEndpoint(PubSub pubSub, PubSubEndpointProperties properties, PubSubAudit audit) {
        this.pubSub = pubSub;
        this.properties = properties;
        this.audit = audit;
    }

    /** All topics. */
    record Topics(Map<String, TopicReport> topics) {}

    /** Why nothing is shown or done. */
    record Refusal(String error) {}

    @ReadOperation
    WebEndpointResponse<?> topics() {
        return answering(() -> {
            Map<String, TopicReport> topics = new TreeMap<>();
            pubSub.topics().forEach(topic -> topics.put(topic.name(), report(topic)));
            return new Topics(topics);
        });
    }

    @ReadOperation
    WebEndpointResponse<?> topic(@Selector String topic) {
        return answering(() -> report(known(topic)));
    }

    @ReadOperation
    WebEndpointResponse<?> group(SecurityContext who, @Selector String topic, @Selector String group) {
        return answering(() -> {
            Topic<?> known = known(topic);
            GroupStats stats = known(known, group);
            boolean showPayload = properties.showPayloads().isShown(who, properties.roles());
            List<Letter> deadLetters = known.admin().newestDeadLetters(group, DEAD_LETTERS_SHOWN).stream()
                    .map(letter -> Letter.of(letter, showPayload))
                    .toList();
            return GroupReport.of(stats, here(topic, group), deadLetters);
        });
    }

    /**
     * @param action pause, resume, skip, replay or redrive
     * @param position for replay: earliest, latest, an offset or an ISO-8601 instant
     * @param id of a message, for skip and redrive; all, for redrive
     */
    @WriteOperation
    WebEndpointResponse<?> change(
            SecurityContext who,
            @Selector String topic,
            @Selector String group,
            String action,
            @Nullable String position,
            @Nullable String id) {
        return answering(() -> perform(GroupAction.parse(action, position, id), who, topic, group));
    }

    @DeleteOperation
    WebEndpointResponse<?> delete(SecurityContext who, @Selector String topic, @Selector String group) {
        return answering(() -> perform(GroupAction.delete(), who, topic, group));
    }

    private Map<String, Object> perform(GroupAction action, SecurityContext who, String topic, String group) {
        Topic<?> known = known(topic);
        known(known, group);
        try {
            Map<String, Object> done = action.effect().on(known, group);
            audit.changed(who, topic, group, action.text(), done);
            return done;
        } catch (RuntimeException e) {
            audit.changed(who, topic, group, action.text(), "failed: " + e.getMessage());
            throw e;
        }
    }

    private TopicReport report(Topic<?> topic) {
        TopicStats stats = topic.admin().stats();
        Map<String, GroupReport> groups = new TreeMap<>();
        stats.groups()
                .forEach((group, figures) ->
                        groups.put(group, GroupReport.of(figures, here(topic.name(), group), null)));
        return TopicReport.of(topic, stats, groups);
    }

    private Optional<Subscription> here(String topic, String group) {
        return pubSub.subscriptions().stream()
                .filter(subscription -> subscription.topic().equals(topic)
                        && subscription.group().equals(group))
                .findFirst();
    }

    private Topic<?> known(String name) {
        List<Topic<?>> topics = pubSub.topics();
        return topics.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Unknown("this application has no such topic; it has "
                        + topics.stream().map(Topic::name).toList()));
    }

    private static GroupStats known(Topic<?> topic, String group) {
        Map<String, GroupStats> groups = topic.admin().stats().groups();
        GroupStats stats = groups.get(group);
        if (stats == null) {
            throw new Unknown("topic '%s' has no such group; its groups are %s"
                    .formatted(topic.name(), new TreeMap<>(groups).keySet()));
        }
        return stats;
    }

    /** A topic or group that is not there. The name is not repeated: it is whatever somebody sent. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown(String message) {
            super(message);
        }
    }

    private static WebEndpointResponse<?> answering(Supplier<?> answer) {
        try {
            return new WebEndpointResponse<>(answer.get());
        } catch (Unknown e) {
            return refused(e, WebEndpointResponse.STATUS_NOT_FOUND);
        } catch (IllegalArgumentException e) {
            return refused(e, WebEndpointResponse.STATUS_BAD_REQUEST);
        } catch (PubSubException e) {
            return refused(e, WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
        }
    }

    private static WebEndpointResponse<Refusal> refused(RuntimeException why, int status) {
        return new WebEndpointResponse<>(new Refusal(String.valueOf(why.getMessage())), status);
    }
}
