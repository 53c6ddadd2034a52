package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is shipped, started from what was decided at build time, without scanning or conditions. */
@ExtendWith(EmbeddedRedisExtension.class)
class AheadOfTimeIT {

    private static final Duration SOON = Duration.ofSeconds(60); // a JVM starts beside other builds
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    Path folder;

    private Process application;
    private Http http;

    @BeforeEach
    void start(EmbeddedRedis redis) throws IOException {
        application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dspring.aot.enabled=true",
                        "-jar",
                        System.getProperty("sample.jar"),
                        "--server.port=0",
                        "--spring.data.redis.url=" + GuideUsers.app(redis),
                        "--oqronkit.pubsub.topics.order-events.groups.ledger.backoff.initial=50ms")
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        await().atMost(SOON).untilAsserted(() -> assertThat(said())
                .containsPattern(PORT)
                .contains("Started OrderEventsApplication")); // and so every group is there
        Matcher port = PORT.matcher(said());
        assertThat(port.find()).isTrue();
        http = new Http(Integer.parseInt(port.group(1)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        application.destroy();
        if (!application.waitFor(10, TimeUnit.SECONDS)) {
            application.destroyForcibly().waitFor();
        }
    }

    @Test
    void handlesFiltersAndDeadLettersOrders() throws Exception {
        assertThat(said())
                .contains("Starting AOT-processed OrderEventsApplication")
                .doesNotContain("Embedded Redis"); // the Redis that is configured here, not one chosen at build time

        http.post("/orders", "{\"orderId\": \"ord_1\", \"amount\": 99.5}");
        http.post("/orders", "{\"orderId\": \"ord_13\", \"amount\": 10}");
        http.post("/orders", "{\"orderId\": \"ord_3\", \"amount\": 25000}");
        http.post("/orders", "{\"orderId\": \"ord_4\", \"amount\": -5}");

        await().atMost(SOON).untilAsserted(() -> assertThat(said())
                .contains(
                        "billing    order.created of ord_1: 99.5 EUR",
                        "analytics  order.paid of ord_1",
                        "shipping   ord_1 goes out, it came from checkout",
                        "mail       ord_1: order.paid",
                        "search     [ord_1",
                        "at attempt 1: io.oqronkit.samples.orders.SuspectedFraudException",
                        "the payload is not valid: amount: must be greater than 0",
                        "ledger     ord_1 is booked",
                        "ledger     ord_13 fails, attempt 4 of 4"));
        assertThat(said().split("shipping   ord_1 goes out", -1)).hasSize(2); // its other message was filtered out
        await().atMost(SOON).untilAsserted(() -> assertThat(
                        http.get("/actuator/pubsub/order-events/ledger").body())
                .contains("\"deadLetters\":1", "no account for ord_13"));
        assertThat(http.get("/actuator/health").body())
                .contains("\"pubsub\":{\"details\":{\"subscriptions\":[", "\"group\":\"ledger\",\"state\":\"RUNNING\"")
                .startsWith("{\"components\"")
                .endsWith("\"status\":\"UP\"}");
        assertThat(http.post("/actuator/pubsub/order-events/ledger", "{\"action\": \"redrive\", \"id\": \"all\"}")
                        .body())
                .isEqualTo("{\"redriven\":1}");
    }

    private Path log() {
        return folder.resolve("application.log");
    }

    private String said() throws IOException {
        return Files.readString(log());
    }
}
