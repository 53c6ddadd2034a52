package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.DeadLetter;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.test.AwaitedTopic;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the READMEs tell a visitor to do, over HTTP; only the ledger's backoff is shorter. */
@ExtendWith(OutputCaptureExtension.class)
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
                .contains("\"pubsub\"", "billing-service", "analytics-service", "shipping", "ledger")
                .contains("fraud-check", "customer-mail", "search-index");

        order("ord_1", 99.5);
        order("ord_13", 10);

        assertThat(orders.published(4, OrderEvent.class)).contains(new OrderEvent("order.paid", "ord_1", 99.5));
        orders.group("billing-service").handled(4);
        orders.group("analytics-service").handled(4);
        orders.group("shipping").handled(2).filtered(2);
        orders.group("customer-mail").handled(4);
        orders.group("search-index").handled(4);
        orders.group("fraud-check").filtered(4);
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
    void givesUpAtOnceWhatAnotherAttemptDoesNotCure(PubSubProbe probe) throws Exception {
        AwaitedTopic orders = probe.awaits("order-events");
        order("ord_2", 2_500);
        order("ord_3", 25_000);
        order("ord_4", -5);

        assertThat(orders.group("fraud-check").handled(1).filtered(4).deadLettered(1))
                .extracting(DeadLetter::attempts, DeadLetter::cause)
                .containsExactly(tuple(1, SuspectedFraudException.class.getName() + ": somebody should look at ord_3"));
        assertThat(orders.group("billing-service").handled(4).deadLettered(2))
                .allSatisfy(letter -> assertThat(letter.attempts()).isEqualTo(1))
                .allSatisfy(letter -> assertThat(letter.cause()).contains("amount", "must be greater than 0"));
        orders.group("fraud-check").retried(0);
        orders.group("billing-service").retried(0);
    }

    @Test
    void mailsOfAnOrderGoOutInItsOrder(PubSubProbe probe, CapturedOutput console) throws Exception {
        for (int i = 100; i < 120; i++) {
            order("ord_" + i, 1);
        }

        probe.awaits("order-events").group("customer-mail").handled(40);
        assertThat(IntStream.range(100, 120).mapToObj(i -> "mail       ord_" + i))
                .allSatisfy(mail -> assertThat(console.getOut())
                        .containsSubsequence(mail + ": order.created", mail + ": order.paid"));
    }

    @Test
    void mailsOnlyWhatCameFromCheckout(@Autowired Topic<OrderEvent> orders, PubSubProbe probe) {
        orders.publish(OutgoingMessage.of(new OrderEvent("order.paid", "ord_1", 99.5))
                .key("ord_1")
                .header("source", "import"));

        probe.awaits("order-events").group("customer-mail").filtered(1).handled(0);
    }

    @Test
    void indexesSeveralEventsInOneGo(@Autowired Topic<OrderEvent> orders, PubSubProbe probe, CapturedOutput console) {
        orders.publishBatch(Collections.nCopies(100, new OrderEvent("order.created", "ord_1", 99.5)));

        probe.awaits("order-events").group("search-index").handled(100);
        assertThat(console.getOut()).contains("search     [ord_1, ord_1");
    }

    @Test
    void aGroupPausedOverTheEndpointHandlesNothingUntilItIsResumed(PubSubProbe probe) throws Exception {
        String searchIndex = "/actuator/pubsub/order-events/search-index";
        assertThat(post(searchIndex, "{\"action\": \"pause\"}")).isEqualTo("{\"paused\":true}");
        order("ord_5", 20);
        probe.awaits("order-events").group("customer-mail").handled(2);
        assertThat(get(searchIndex)).contains("\"backlog\":2");

        assertThat(post(searchIndex, "{\"action\": \"resume\"}")).isEqualTo("{\"paused\":false}");
        probe.awaits("order-events").group("search-index").handled(2);
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

    private void order(String orderId, double amount) throws IOException, InterruptedException {
        post("/orders", "{\"orderId\": \"%s\", \"amount\": %s}".formatted(orderId, amount));
    }

    private String get(String path) throws IOException, InterruptedException {
        return new Http(port).get(path).body();
    }

    private String post(String path, String json) throws IOException, InterruptedException {
        return new Http(port).post(path, json).body();
    }
}
