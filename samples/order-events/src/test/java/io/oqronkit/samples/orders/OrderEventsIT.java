package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the README tells a visitor to do, over HTTP; only the ledger's backoff is shorter. */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "oqronkit.pubsub.topics.order-events.groups.ledger.backoff.initial=50ms")
class OrderEventsIT {

    private static final Duration SOON = Duration.ofSeconds(10);

    @LocalServerPort
    private int port;

    @Test
    void tellsTheStoryOfTheReadme(CapturedOutput console) throws Exception {
        assertThat(get("/actuator/health"))
                .contains("\"pubsub\"", "billing-service", "analytics-service", "shipping", "ledger");

        post("/orders", "{\"orderId\": \"ord_1\", \"amount\": 99.5}");
        post("/orders", "{\"orderId\": \"ord_13\", \"amount\": 10}");

        await().atMost(SOON).untilAsserted(() -> assertThat(console.getOut())
                .contains(
                        "billing    order.created of ord_1",
                        "analytics  order.paid of ord_1",
                        "shipping   ord_1 goes out, it came from checkout",
                        "ledger     ord_1 is booked",
                        "ledger     ord_13 fails, attempt 4 of 4"));
        await().atMost(SOON).untilAsserted(() -> assertThat(get("/dead-letters/ledger"))
                .contains("\"attempts\":4", "the ledger knows no account for ord_13"));
        assertThat(get("/stats")).contains("\"messages\":4");
        assertThat(get("/actuator/pubsub")).contains("\"order-events\":{\"partitions\":4,\"messages\":4");
        assertThat(get("/actuator/pubsub/order-events/ledger")).contains("\"deadLetters\":1", "no account for ord_13");

        assertThat(post("/replay?group=analytics-service&from=earliest", "")).contains("analytics-service");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(console.getOut().split("analytics  order.paid of ord_1:", -1))
                        .hasSize(3));
        assertThat(post("/redrive/ledger", "")).contains("\"redriven\":1");
        assertThat(post("/replay?group=nobody", "")).contains("has no group 'nobody'");
    }

    private String get(String path) throws Exception {
        return new Http(port).get(path).body();
    }

    private String post(String path, String json) throws Exception {
        return new Http(port).post(path, json).body();
    }
}
