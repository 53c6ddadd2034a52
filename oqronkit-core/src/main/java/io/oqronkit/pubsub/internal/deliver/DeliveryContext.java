package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.internal.json.Envelope;
import io.oqronkit.pubsub.internal.json.HeaderCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a handler gets. Turns its word into exactly one settlement: the first one wins. */
final class DeliveryContext<T> implements MessageContext<T>, Carried {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.delivery");
    private static final Duration LONGEST_DELAY = Duration.ofDays(7);

    private final Delivery delivery;
    private final DeliveryRules<T> rules;
    private final T message;
    private final @Nullable String key;
    private final Map<String, String> headers;

    DeliveryContext(
            Delivery delivery, DeliveryRules<T> rules, T message, @Nullable String key, Map<String, String> headers) {
        this.delivery = delivery;
        this.rules = rules;
        this.message = message;
        this.key = key;
        this.headers = headers;
    }

    /** The handler came back. */
    void returned() {
        if (delivery.isClaimed()) {
            return;
        }
        if (rules.ackMode() == AckMode.AUTO) {
            ack();
        } else {
            fail(FailedAttempt.because("the handler returned without settling the message"));
        }
    }

    /** The filter or the handler threw; no news if the delivery is lost. */
    void threw(Throwable failure) {
        if (delivery.isLost()) {
            rules.outcomes().ended(delivery, Outcome.LOST, Causes.of(failure));
        } else if (delivery.isClaimed()) {
            log.warn("handler failed after it had settled {} for group {}", describe(), group(), failure);
        } else {
            fail(FailedAttempt.threw(failure));
        }
    }

    /** The batch it is of failed, which says nothing of those that are settled. */
    void threwUnlessSettled(Throwable failure) {
        if (!delivery.isClaimed()) {
            threw(failure);
        }
    }

    /** As if it had not been started; empty if it is settled or no longer ours. */
    Optional<Delivery> takeBack() {
        return !delivery.isLost() && delivery.claim() ? Optional.of(delivery) : Optional.empty();
    }

    @Override
    public void ack() {
        if (settle("ack")) {
            rules.outcomes().ended(delivery, Outcome.ACK, "");
            delivery.partition().settlement().ack(delivery);
        }
    }

    @Override
    public void nack() {
        fail(FailedAttempt.because("nack by the handler"));
    }

    @Override
    public void nack(Duration delay) {
        if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
            throw new IllegalArgumentException("delay of nack must be between 0s and 7 days but was " + delay);
        }
        fail(new FailedAttempt("nack by the handler", null, delay));
    }

    @Override
    public void deadLetter(String reason) {
        if (reason == null) {
            throw new IllegalArgumentException("reason must not be null");
        }
        if (settle("dead-letter")) {
            rules.outcomes().ended(delivery, rules.givenUp(), Causes.shortened(reason));
            delivery.partition().settlement().giveUp(delivery, Causes.shortened(reason), rules.deadLetters());
        }
    }

    @Override
    public void discard(String reason) {
        if (settle("discard")) {
            log.info("group {} discards {}: {}", group(), describe(), Causes.shortened(String.valueOf(reason)));
            rules.outcomes().ended(delivery, Outcome.DISCARDED, "");
            delivery.partition().settlement().ack(delivery);
        }
    }

    private void fail(FailedAttempt failed) {
        if (settle("nack")) {
            failed.settle(delivery, rules);
        }
    }

    private boolean settle(String how) {
        boolean first = delivery.claim();
        if (!first) {
            log.warn("second settlement ({}) of {} for group {} has no effect", how, describe(), group());
        }
        return first;
    }

    private String describe() {
        return topic() + " " + id();
    }

    @Override
    public T message() {
        return message;
    }

    @Override
    public @Nullable String key() {
        return key;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public Map<String, String> carried() {
        return Envelope.carried(HeaderCodec.decode(delivery.entry().headers()));
    }

    @Override
    public MessageId id() {
        return delivery.entry().id().in(partition());
    }

    @Override
    public String topic() {
        return rules.topic();
    }

    @Override
    public String group() {
        return rules.group();
    }

    @Override
    public int partition() {
        return delivery.partition().number();
    }

    @Override
    public long offset() {
        return delivery.entry().offset();
    }

    @Override
    public Instant publishedAt() {
        return Instant.ofEpochMilli(delivery.entry().ms());
    }

    @Override
    public int attempt() {
        return delivery.entry().attempt();
    }

    @Override
    public long fencingToken() {
        return delivery.lease().epoch();
    }

    @Override
    public int maxAttempts() {
        return rules.failures().maxAttempts();
    }

    @Override
    public boolean isReplayed() {
        return rules.replayed();
    }

    @Override
    public boolean isLeaseLost() {
        return delivery.isLost() || delivery.partition().state().voids(delivery.generation(), delivery.entry());
    }
}
