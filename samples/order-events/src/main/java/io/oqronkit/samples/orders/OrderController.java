package io.oqronkit.samples.orders;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSubException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicStats;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Publishes orders, and lets a visitor look at and move the groups. */
@RestController
class OrderController {

    private final Topic<OrderEvent> orders;

    OrderController(Topic<OrderEvent> orders) {
        this.orders = orders;
    }

    /** What a visitor posts. */
    record NewOrder(String orderId, double amount) {}

    /** Where the two messages of an order lie. */
    record Published(String orderId, List<String> messages) {}

    /** Creates an order and pays it: two messages with the same key, so both lie in one partition, in this order. */
    @PostMapping("/orders")
    @ResponseStatus(HttpStatus.CREATED)
    Published order(@RequestBody NewOrder order) {
        List<PublishReceipt> receipts = orders.publishMessages(List.of(
                message(new OrderEvent("order.created", order.orderId(), order.amount())),
                message(new OrderEvent("order.paid", order.orderId(), order.amount()))));
        return new Published(
                order.orderId(),
                receipts.stream().map(receipt -> receipt.id().toString()).toList());
    }

    private static OutgoingMessage<OrderEvent> message(OrderEvent event) {
        return OutgoingMessage.of(event).key(event.orderId()).header("source", "checkout");
    }

    /** Delivers again to one group: {@code from} is earliest, latest, an offset or an ISO-8601 instant. */
    @PostMapping("/replay")
    Map<String, String> replay(@RequestParam String group, @RequestParam(defaultValue = "earliest") String from) {
        orders.replay(group, Position.parse(from));
        return Map.of("group", group, "from", from);
    }

    @GetMapping("/stats")
    TopicStats stats() {
        return orders.admin().stats();
    }

    @GetMapping("/dead-letters/{group}")
    List<Map<String, Object>> deadLetters(@PathVariable String group) {
        return orders.admin().deadLetters(group, 100).stream()
                .map(OrderController::summary)
                .toList();
    }

    private static Map<String, Object> summary(DeadLetter letter) {
        return Map.of(
                "id", letter.id().toString(),
                "attempts", letter.attempts(),
                "cause", letter.cause(),
                "at", letter.at());
    }

    /** Gives all dead letters of a group back to it. */
    @PostMapping("/redrive/{group}")
    Map<String, Object> redrive(@PathVariable String group) {
        return Map.of("group", group, "redriven", orders.admin().redriveAll(group));
    }

    /** An unknown group, a position that is none: the caller's mistake, in the library's words. */
    @ExceptionHandler(IllegalArgumentException.class)
    @ResponseStatus(HttpStatus.BAD_REQUEST)
    Map<String, String> refused(IllegalArgumentException e) {
        return Map.of("error", String.valueOf(e.getMessage()));
    }

    /** Redis is away: the order was not published, or nobody knows. */
    @ExceptionHandler(PubSubException.class)
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    Map<String, String> unavailable(PubSubException e) {
        return Map.of("error", String.valueOf(e.getMessage()));
    }
}
