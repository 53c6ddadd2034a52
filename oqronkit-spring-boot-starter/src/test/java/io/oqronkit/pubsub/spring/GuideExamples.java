package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.AckMode;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageId;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PublishFailedException;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Redrive;
import io.oqronkit.pubsub.RedriveResult;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.Limit;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.transaction.annotation.Transactional;

/** The Java of the guide, so that it compiles: {@link GuideExamplesTest} looks for each block here. */
@SuppressWarnings("unused")
final class GuideExamples {

    record OrderEvent(String event, String orderId, double amount) {}

    interface Order {
        String id();

        double amount();
    }

    interface Repository {
        void save(Order order);
    }

    private final Topic<OrderEvent> orders;
    private final Repository repository;

    GuideExamples(Topic<OrderEvent> orders, Repository repository) {
        this.orders = orders;
        this.repository = repository;
    }

    void publishing(OrderEvent event, OrderEvent first, OrderEvent second) {
        PublishReceipt receipt = orders.publish(event); // returns once it is stored
        List<PublishReceipt> receipts = orders.publishBatch(List.of(first, second)); // in the order of the list
        CompletableFuture<PublishReceipt> promise = orders.publishAsync(event); // does not wait
    }

    void message(OrderEvent event) {
        orders.publish(OutgoingMessage.of(event)
                .key(event.orderId())
                .header("source", "checkout")
                .idempotencyKey(event.event() + ":" + event.orderId())
                .timeToLive(Duration.ofHours(1)));
    }

    void delayed(OrderEvent reminder) {
        PublishReceipt receipt = orders.publish(OutgoingMessage.of(reminder).delay(Duration.ofHours(24)));
        String id = receipt.id().toString(); // keep it to be able to cancel

        boolean takenBack = orders.cancel(new PublishReceipt("order-events", MessageId.parse(id), false));
    }

    void outcomes(OrderEvent event, String requestId) {
        OutgoingMessage<OrderEvent> message = OutgoingMessage.of(event).idempotencyKey(requestId);
        try {
            orders.publish(message);
        } catch (PublishFailedException e) {
            // certainly not stored: tell the caller, or try again later
        } catch (PublishOutcomeUnknownException e) {
            // may be stored: publish the same message with the same idempotency key again
        }
    }

    @Transactional
    void pay(Order order) {
        repository.save(order);
        TransactionalPublisher.publishAfterCommit(orders, new OrderEvent("order.paid", order.id(), order.amount()));
    }

    void retries(Ledger ledger) {
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("ledger")
                .maxRetries(8)
                .backoff(Backoff.of(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.2))
                .handler(context -> ledger.book(context.message())));
    }

    void manual() {
        orders.subscribe(SubscriptionSpec.<OrderEvent>group("ledger")
                .ackMode(AckMode.MANUAL)
                .handler(context -> {
                    if (isClosed()) {
                        context.nack(Duration.ofHours(1)); // counts as an attempt, comes back in an hour
                    } else if (isUnknown(context.message())) {
                        context.deadLetter("no such account"); // no further attempt
                    } else {
                        context.ack();
                    }
                }));
    }

    void look() {
        for (DeadLetter dead : orders.admin().newestDeadLetters("ledger", 20)) {
            System.out.println(dead.id() + " after " + dead.attempts() + " attempts: " + dead.cause());
        }
    }

    void redrive(MessageId id) {
        boolean moved = orders.admin().redrive("ledger", id); // one, however often it was redriven
        long count = orders.admin().redriveAll("ledger"); // all that are there now

        RedriveResult result = orders.admin()
                .redrive(
                        "ledger",
                        Redrive.all()
                                .where(dead -> dead.cause().startsWith("java.net.ConnectException"))
                                .atRate(50) // a second
                                .limit(1_000));
        // result.moved(), .skipped() (not chosen), .parked()
    }

    TopicSpec<OrderEvent> policy() {
        return TopicSpec.of("order-events", OrderEvent.class)
                .deadLetter(DeadLetterPolicy.afterRetries(5)
                        .maxRedrives(3)
                        .retention(Retention.of(Duration.ofDays(30), 10_000)));
    }

    void replay(MessageId id) {
        orders.replay("analytics", Position.earliest()); // the oldest message that is kept
        orders.replay("analytics", Position.latest()); // skips all that is there
        orders.replay("analytics", Position.offset(42_000)); // this offset, in every partition
        orders.replay("analytics", Position.timestamp(Instant.parse("2026-01-01T00:00:00Z")));
        orders.replay("analytics", Position.after(id)); // what follows this message
    }

    interface Ledger {
        void book(OrderEvent event);
    }

    private static boolean isClosed() {
        return false;
    }

    private static boolean isUnknown(OrderEvent event) {
        return false;
    }

    static class Billing {
        @OqronSubscriber(topic = "order-events", group = "billing", concurrency = "5")
        void bill(OrderEvent event, MessageContext<OrderEvent> context) {
            charge(event, context.id()); // the id makes a repetition harmless
        }

        private void charge(OrderEvent event, MessageId id) {}
    }

    static final class StreamBridge {

        private final StringRedisTemplate redis;
        private final Topic<OrderEvent> orders;

        StreamBridge(StringRedisTemplate redis, Topic<OrderEvent> orders) {
            this.redis = redis;
            this.orders = orders;
        }

        /** Copies what has come to the old stream since the last call; false if there was nothing. */
        boolean copy() {
            String last = redis.opsForValue().get("old-orders:bridged");
            Range<String> behind = last == null ? Range.unbounded() : Range.rightUnbounded(Range.Bound.exclusive(last));
            List<MapRecord<String, String, String>> records = redis.<String, String>opsForStream()
                    .range("old-orders", behind, Limit.limit().count(500));
            if (records.isEmpty()) {
                return false;
            }
            orders.publishMessages(records.stream()
                    .map(record -> message(record.getValue())
                            .idempotencyKey(record.getId().getValue()))
                    .toList());
            redis.opsForValue()
                    .set(
                            "old-orders:bridged",
                            records.get(records.size() - 1).getId().getValue());
            return true;
        }

        private static OutgoingMessage<OrderEvent> message(Map<String, String> fields) {
            return OutgoingMessage.of(new OrderEvent(
                            fields.get("event"), fields.get("orderId"), Double.parseDouble(fields.get("amount"))))
                    .key(fields.get("orderId"));
        }
    }
}
