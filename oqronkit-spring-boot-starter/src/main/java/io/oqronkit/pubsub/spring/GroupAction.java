package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.Topic;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a group through the endpoint, read and checked.
 *
 * @param text for the audit log; holds nothing that was not parsed
 */
record GroupAction(String text, Effect effect) {

    /** Does it, and says what was done. */
    @FunctionalInterface
    interface Effect {
        Map<String, Object> on(Topic<?> topic, String group);
    }

    /** @throws IllegalArgumentException saying what is missing or allowed */
    static GroupAction parse(String action, @Nullable String position, @Nullable String id) {
        return switch (action.toLowerCase(Locale.ROOT)) {
            case "pause" -> pause(true);
            case "resume" -> pause(false);
            case "skip" -> skip(MessageId.parse(required("skip", "id", id)));
            case "replay" -> replay(Position.parse(required("replay", "position", position)));
            case "redrive" -> redrive(required("redrive", "id", id));
            default ->
                throw new IllegalArgumentException(
                        "action '%s' is not one of: pause, resume, skip, replay, redrive".formatted(action));
        };
    }

    private static GroupAction pause(boolean paused) {
        return new GroupAction(paused ? "pause" : "resume", (topic, group) -> {
            if (paused) {
                topic.admin().pause(group);
            } else {
                topic.admin().resume(group);
            }
            return Map.of("paused", paused);
        });
    }

    private static GroupAction skip(MessageId id) {
        return new GroupAction(
                "skip id=" + id,
                (topic, group) -> Map.of("skipped", topic.admin().skip(group, id)));
    }

    private static GroupAction replay(Position position) {
        return new GroupAction("replay position=" + position, (topic, group) -> {
            topic.replay(group, position);
            return Map.of("replayedFrom", position.toString());
        });
    }

    /** {@code all} is asked for in full, so that a forgotten id does not give back everything. */
    private static GroupAction redrive(String which) {
        if (which.equalsIgnoreCase("all")) {
            return new GroupAction(
                    "redrive id=all",
                    (topic, group) -> Map.of("redriven", topic.admin().redriveAll(group)));
        }
        MessageId id = MessageId.parse(which);
        return new GroupAction(
                "redrive id=" + id,
                (topic, group) -> Map.of("redriven", topic.admin().redrive(group, id) ? 1 : 0));
    }

    static GroupAction delete() {
        return new GroupAction("delete", (topic, group) -> {
            topic.admin().deleteGroup(group);
            return Map.of("deleted", true);
        });
    }

    private static String required(String action, String argument, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("%s needs '%s'".formatted(action, argument));
        }
        return value;
    }
}
