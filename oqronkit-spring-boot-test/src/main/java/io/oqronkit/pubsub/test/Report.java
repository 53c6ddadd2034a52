package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.TopicAdmin;
import io.oqronkit.pubsub.TopicStats;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what was seen instead of what was expected. */
final class Report {

    private static final int FAILURES_SHOWN = 5;

    private final AwaitedTopic topic;

    Report(AwaitedTopic topic) {
        this.topic = topic;
    }

    AssertionError failed(String expected, int was) {
        return failure("topic " + topic.name(), expected, was, "", TopicStats::toString);
    }

    AssertionError failed(String group, String expected, int was) {
        List<Attempt> attempts = topic.probe().seen().attempts(topic.name(), group);
        return failure(
                "group %s of topic %s".formatted(group, topic.name()),
                expected,
                was,
                "\n  seen of the group: " + counts(attempts) + failures(attempts),
                stats -> stats.groups().containsKey(group)
                        ? String.valueOf(stats.groups().get(group))
                        : "there is no such group, but "
                                + new TreeSet<>(stats.groups().keySet()));
    }

    private AssertionError failure(
            String place, String expected, int was, String seen, Function<TopicStats, String> standing) {
        return new AssertionError("""
                %s: expected %s within %s, but was %d
                  published by this application: %d%s
                  in Redis now: %s""".formatted(
                        place,
                        expected,
                        topic.atMost(),
                        was,
                        topic.probe().seen().published(topic.name()).size(),
                        seen,
                        inRedis(standing)));
    }

    private static String counts(List<Attempt> attempts) {
        String counts = Arrays.stream(Outcome.values())
                .filter(outcome -> count(attempts, outcome) > 0)
                .map(outcome -> count(attempts, outcome) + " "
                        + outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "nothing" : counts;
    }

    private static long count(List<Attempt> attempts, Outcome outcome) {
        return attempts.stream().filter(attempt -> attempt.outcome() == outcome).count();
    }

    private static String failures(List<Attempt> attempts) {
        List<Attempt> failed =
                attempts.stream().filter(attempt -> !attempt.cause().isEmpty()).toList();
        return failed.stream()
                .skip(Math.max(0, failed.size() - FAILURES_SHOWN))
                .map(attempt -> "\n    %s, attempt %d: %s".formatted(attempt.id(), attempt.number(), attempt.cause()))
                .collect(Collectors.joining());
    }

    private String inRedis(Function<TopicStats, String> standing) {
        try {
            return topic.probe()
                    .admin(topic.name())
                    .map(TopicAdmin::stats)
                    .map(standing)
                    .orElseGet(() -> "this application has not opened the topic, but "
                            + topic.probe().topics());
        } catch (PubSubException away) {
            return String.valueOf(away.getMessage());
        }
    }
}
