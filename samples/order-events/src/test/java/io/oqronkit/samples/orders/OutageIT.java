package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

/** What health says while Redis is killed and comes back, and how much is logged. */
@ExtendWith(OutputCaptureExtension.class)
@OqronTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OutageIT {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final int HANDFUL = 5;

    @Autowired
    private EmbeddedRedis redis;

    @LocalServerPort
    private int port;

    @Test
    @DirtiesContext // the next test has another Redis
    void healthIsDownWithTheReasonAndUpAgain(CapturedOutput console) throws Exception {
        assertThat(health().statusCode()).isEqualTo(200);
        int before = console.getOut().split("\n", -1).length;

        redis.kill();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(health().body()).contains("\"pubsub\"", "\"redis\":\"", "STALLED"));
        assertThat(health().statusCode()).isEqualTo(503);
        redis.restart();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(health().statusCode()).isEqualTo(200));

        await().atMost(SOON).untilAsserted(() -> assertThat(console.getOut())
                .containsSubsequence("pager      RedisLost[", "pager      RedisFound["));

        String said = console.getOut();
        assertThat(said).contains("Redis is not reachable", "Redis is reachable again");
        assertThat(said.split("\n", -1).length - before).isLessThanOrEqualTo(HANDFUL);
    }

    private HttpResponse<String> health() throws Exception {
        return new Http(port).get("/actuator/health");
    }
}
