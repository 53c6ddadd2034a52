package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.Attempt.Outcome;
import io.oqronkit.pubsub.internal.json.Envelope;
import io.oqronkit.pubsub.internal.json.HeaderCodec;
import io.oqronkit.pubsub.internal.redis.StoredEntry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The life of a delivery in this process, top to bottom: still ours? in range? expired? attempts left? filter by
 * headers, decode, filter, handle, settle.
 * Safe for concurrent use; runs on a worker's thread. User code that fails never reaches the worker.
 */
public final class DeliveryPipeline<T> implements DeliveryWork {

    private static final String NO_RESULT =
            "attempts used up: the last one ended without a result (crash, stall or lost deadline)";

    private final DeliveryRules<T> rules;
    private final Clock clock;

    public DeliveryPipeline(DeliveryRules<T> rules, Clock clock) {
        this.rules = rules;
        this.clock = clock;
    }

    @Override
    public int most() {
        return 1;
    }

    @Override
    public int accept(Delivery delivery, Queue<Delivery> behind) {
        if (begin(delivery)) {
            run(delivery);
        }
        return 1;
    }

    boolean begin(Delivery delivery) {
        boolean ours = delivery.begin(System.nanoTime());
        if (!ours) {
            delivery.partition().drop(List.of(delivery)); // still pending in Redis: whoever sweeps next takes it over
        }
        return ours;
    }

    private void run(Delivery delivery) {
        try {
            DeliveryContext<T> context = open(delivery);
            if (context != null) {
                handle(context);
            }
        } catch (Throwable defect) { // ours: the message comes again
            delivery.partition().lose(delivery);
            throw defect;
        } finally {
            delivery.end();
        }
    }

    /** What is to be handled; null if there is nothing more to do, for it is settled already. */
    @Nullable
    DeliveryContext<T> open(Delivery delivery) {
        DeliveryContext<T> context = read(delivery);
        return context != null && passes(delivery, context) ? context : null;
    }

    /**
     * Null if there is nothing to handle: the message lies behind the end of a shadow replay, is expired, has no attempt
     * left, is not wanted, or cannot be decoded, which is given up at once, since it will not decode better next time.
     */
    private @Nullable DeliveryContext<T> read(Delivery delivery) {
        StoredEntry entry = delivery.entry();
        try {
            if (delivery.partition().isBeyondEnd(entry)) {
                delivery.partition().settlement().ack(delivery);
                return null;
            }
            Map<String, String> headers = HeaderCodec.decode(entry.headers());
            if (!headers.isEmpty() && Envelope.isExpired(headers, entry.ms(), clock.instant())) {
                skip(delivery, Outcome.EXPIRED);
                return null;
            }
            if (rules.failures().isExhausted(entry.attempt())) {
                FailedAttempt.because(NO_RESULT).giveUp(delivery, rules);
                return null;
            }
            String key = text(entry.key());
            Map<String, String> visible = Envelope.users(headers);
            if (!passes(delivery, key, visible)) {
                return null;
            }
            return new DeliveryContext<>(delivery, rules, rules.decoder().decode(entry.payload()), key, visible);
        } catch (RuntimeException | StackOverflowError poison) { // a codec of the user's may throw anything
            FailedAttempt.threw(poison).giveUp(delivery, rules);
            return null;
        }
    }

    /** One that throws is a failed attempt, as a filter that sees the payload is. */
    private boolean passes(Delivery delivery, @Nullable String key, Map<String, String> headers) {
        try {
            if (rules.headerFilter().accepts(key, headers)) {
                return true;
            }
            skip(delivery, Outcome.FILTERED);
        } catch (Throwable failure) {
            FailedAttempt.threw(failure).settle(delivery, rules);
        }
        return false;
    }

    private boolean passes(Delivery delivery, DeliveryContext<T> context) {
        try {
            if (rules.filter().accepts(context.message(), context.key(), context.headers())) {
                return true;
            }
            skip(delivery, Outcome.FILTERED);
        } catch (Throwable failure) {
            context.threw(failure);
        }
        return false;
    }

    private void handle(DeliveryContext<T> context) {
        try {
            rules.handler().handle(context);
            context.returned();
        } catch (Throwable failure) { // whatever user code throws is one failed attempt
            context.threw(failure);
        }
    }

    private void skip(Delivery delivery, Outcome outcome) {
        rules.outcomes().ended(delivery, outcome, "");
        delivery.partition().settlement().ack(delivery);
    }

    private static @Nullable String text(byte[] key) {
        return key.length == 0 ? null : new String(key, StandardCharsets.UTF_8);
    }
}
