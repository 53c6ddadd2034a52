package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The story of the README on a cluster of three masters: {@code spring.data.redis.*} is all that differs. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ClusterIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final EmbeddedRedisCluster CLUSTER = EmbeddedRedisCluster.start(3, 0);

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry properties) {
        GuideUsers.app(CLUSTER);
        properties.add("spring.data.redis.cluster.nodes", CLUSTER::hostsAndPorts);
        properties.add("spring.data.redis.username", () -> GuideUsers.APP);
        properties.add("spring.data.redis.password", () -> GuideUsers.PASSWORD);
    }

    @AfterAll
    static void stop() {
        CLUSTER.close();
    }

    @LocalServerPort
    private int port;

    @Test
    @DirtiesContext // closed before its Redis is
    void tellsTheSameStory() throws Exception {
        for (int i = 1; i <= 13; i++) {
            post("/orders", "{\"orderId\": \"ord_%d\", \"amount\": 99.5}".formatted(i));
        }

        assertThat(get("/actuator/pubsub")).contains("\"order-events\":{\"partitions\":4,\"messages\":26");
        awaitFinished("billing-service", "analytics-service", "shipping", "ledger", "customer-mail", "search-index");
        assertThat(get("/dead-letters/ledger")).contains("\"attempts\":4", "the ledger knows no account for ord_13");

        post("/replay?group=analytics-service&from=earliest", "");
        assertThat(post("/redrive/ledger", "")).contains("\"redriven\":1");
        awaitFinished("analytics-service", "ledger");
        assertThat(get("/actuator/health")).contains("\"pubsub\"").doesNotContain("DOWN", "STALLED");
    }

    private void awaitFinished(String... groups) {
        for (String group : groups) {
            Pattern backlog = Pattern.compile("\"backlog\":(\\d+)");
            await(group).atMost(SOON).until(() -> {
                Matcher found = backlog.matcher(get("/actuator/pubsub/order-events/" + group));
                return found.find() && found.group(1).equals("0");
            });
        }
    }

    private String get(String path) throws IOException, InterruptedException {
        return new Http(port).get(path).body();
    }

    private String post(String path, String json) throws IOException, InterruptedException {
        return new Http(port).post(path, json).body();
    }
}
