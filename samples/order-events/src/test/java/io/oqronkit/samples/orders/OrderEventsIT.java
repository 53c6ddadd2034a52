package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.test.AwaitedTopic;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the README tells a visitor to do, over HTTP; only the ledger's backoff is shorter. */
@OqronTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = "oqronkit.pubsub.topics.order-events.groups.ledger.backoff.initial=50ms")
class OrderEventsIT {

    @LocalServerPort
    private int port;

    @Test
    void tellsTheStoryOfTheReadme(PubSubProbe probe) throws Exception {
        AwaitedTopic orders = probe.awaits("order-events");
        assertThat(get("/actuator/health"))
                .contains("\"pubsub\"", "billing-service", "analytics-service", "shipping", "ledger");

        post("/orders", "{\"orderId\": \"ord_1\", \"amount\": 99.5}");
        post("/orders", "{\"orderId\": \"ord_13\", \"amount\": 10}");

        assertThat(orders.published(4, OrderEvent.class)).contains(new OrderEvent("order.paid", "ord_1", 99.5));
        orders.group("billing-service").handled(4);
        orders.group("analytics-service").handled(4);
        orders.group("shipping").handled(2).filtered(2);
        assertThat(orders.group("ledger").handled(1).retried(3).deadLettered(1))
                .extracting(DeadLetter::cause)
                .containsExactly("java.lang.IllegalStateException: the ledger knows no account for ord_13");

        assertThat(get("/dead-letters/ledger")).contains("\"attempts\":4", "the ledger knows no account for ord_13");
        assertThat(get("/stats")).contains("\"messages\":4");
        assertThat(get("/actuator/pubsub")).contains("\"order-events\":{\"partitions\":4,\"messages\":4");
        assertThat(get("/actuator/pubsub/order-events/ledger")).contains("\"deadLetters\":1", "no account for ord_13");

        assertThat(post("/replay?group=analytics-service&from=earliest", "")).contains("analytics-service");
        orders.group("analytics-service").handled(8);
        assertThat(post("/redrive/ledger", "")).contains("\"redriven\":1");
        orders.group("ledger").retried(6).deadLettered(2);
        assertThat(post("/replay?group=nobody", "")).contains("has no group 'nobody'");
    }

    @Test
    void servesMetersToPrometheusEachWithTheSameTags() throws Exception {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(get("/actuator/prometheus"))
                .contains(
                        "oqronkit_pubsub_publish_seconds_count{",
                        "oqronkit_pubsub_publish_batch_size_count{",
                        "oqronkit_pubsub_process_seconds_count{",
                        "oqronkit_pubsub_attempts_count{",
                        "oqronkit_pubsub_dropped_total{",
                        "oqronkit_pubsub_lag{",
                        "oqronkit_pubsub_pending{",
                        "oqronkit_pubsub_parked{",
                        "oqronkit_pubsub_dead_letters{",
                        "oqronkit_pubsub_oldest_unfinished_age{",
                        "oqronkit_pubsub_reader_state{",
                        "oqronkit_pubsub_scheduled{"));
        String scrape = get("/actuator/prometheus");
        assertThat(scrape).doesNotContain("oqronkit_pubsub_observation");
        Map<String, Set<String>> tagKeys = scrape.lines()
                .filter(line -> line.startsWith("oqronkit_pubsub_"))
                .collect(Collectors.groupingBy(
                        line -> line.substring(0, line.indexOf('{')),
                        Collectors.mapping(
                                line -> line.substring(line.indexOf('{'), line.indexOf('}'))
                                        .replaceAll("\"[^\"]*\"", ""),
                                Collectors.toSet())));
        assertThat(tagKeys).allSatisfy((name, keys) -> assertThat(keys).as(name).hasSize(1));
    }

    private String get(String path) throws IOException, InterruptedException {
        return new Http(port).get(path).body();
    }

    private String post(String path, String json) throws IOException, InterruptedException {
        return new Http(port).post(path, json).body();
    }
}
