package io.oqronkit.pubsub.test;

import io.oqronkit.pubsub.Attempt;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicAdmin;
import java.util.List;
import java.util.Optional;

/**
 * Waits for what the application under test does with its messages, and says what it did instead if it does not. A bean of
 * each {@link OqronTest}; safe for concurrent use.
 *
 * <pre>{@code
 * probe.awaits("order-events").published(2);
 * probe.awaits("order-events").group("billing").handled(2);
 * probe.awaits("order-events").within(Duration.ofSeconds(30)).group("ledger").retried(3).deadLettered(1);
 * }</pre>
 *
 * <p>Counts are exact and begin with the test, so it makes no difference whether something happens before the call or
 * during it. They are of this application: what other processes publish or handle is not seen.
 */
public final class PubSubProbe {

    private final PubSub pubSub;
    private final Seen seen;

    PubSubProbe(PubSub pubSub, Seen seen) {
        this.pubSub = pubSub;
        this.seen = seen;
    }

    /** What is to happen to the messages of a topic, within 10 s unless {@link AwaitedTopic#within} says otherwise. */
    public AwaitedTopic awaits(String topic) {
        return new AwaitedTopic(this, topic);
    }

    /** Every attempt of a group so far, in the order in which they ended, with the causes of those that failed. */
    public List<Attempt> attempts(String topic, String group) {
        return seen.attempts(topic, group);
    }

    /** Forgets what has happened: counting begins anew. Nothing changes in Redis. Done before each test. */
    public void reset() {
        seen.forget();
    }

    Seen seen() {
        return seen;
    }

    Optional<TopicAdmin> admin(String topic) {
        return pubSub.topics().stream()
                .filter(open -> open.name().equals(topic))
                .map(Topic::admin)
                .findFirst();
    }

    List<String> topics() {
        return pubSub.topics().stream().map(Topic::name).toList();
    }
}
