package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Principal;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoint over HTTP, on a real Redis. */
@ExtendWith({EmbeddedRedisExtension.class, OutputCaptureExtension.class})
class PubSubEndpointIT {

    private static final String UNRESTRICTED = "management.endpoint.pubsub.access=unrestricted";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        TopicSpec<String> orders() {
            return TopicSpec.of("orders", String.class)
                    .partitions(2)
                    .retention(Retention.of(Duration.ofDays(7), 1_000));
        }

        @Bean
        Handlers handlers() {
            return new Handlers();
        }

        /** As a security framework would: whoever is named in a header has the role OPS. */
        @Bean
        Filter login() {
            return (request, response, chain) -> {
                String user = ((HttpServletRequest) request).getHeader("X-User");
                chain.doFilter(user == null ? request : new LoggedIn((HttpServletRequest) request, user), response);
            };
        }
    }

    private static final class LoggedIn extends HttpServletRequestWrapper {
        private final String user;

        LoggedIn(HttpServletRequest request, String user) {
            super(request);
            this.user = user;
        }

        @Override
        public Principal getUserPrincipal() {
            return () -> user;
        }

        @Override
        public boolean isUserInRole(String role) {
            return role.equals("OPS");
        }
    }

    static final class Handlers {
        @OqronSubscriber(topic = "orders", group = "billing", maxRetries = "0")
        void bill(String order) {
            if (order.startsWith("bad")) {
                throw new IllegalStateException("no account");
            }
        }

        @OqronSubscriber(topic = "payments", group = "ledger", autoStartup = "false")
        void book(String payment) {}
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private ConfigurableApplicationContext context;
    private Topic<String> orders;

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void showsEachTopicWithItsLimitsAndGroups(EmbeddedRedis redis) throws Exception {
        start(redis);
        orders.publish("good");
        await().until(() -> billing().backlog() == 0);

        JsonNode topics = json(get("")).get("topics");

        assertThat(topics.propertyNames()).containsExactlyInAnyOrder("orders", "payments");
        JsonNode topic = topics.get("orders");
        assertThat(topic).isEqualTo(json(get("/orders")));
        assertThat(topic.get("partitions").asInt()).isEqualTo(2);
        assertThat(topic.get("messages").asInt()).isEqualTo(1);
        assertThat(topic.get("scheduled").asInt()).isZero();
        assertThat(topic.get("retention").toString())
                .isEqualTo(
                        "{\"maxAge\":\"PT168H\",\"maxCount\":1000,\"unfinished\":\"keep\",\"abandonAfter\":\"PT168H\"}");
        assertThat(topic.get("groups").get("billing").toString())
                .isEqualTo("{\"lag\":0,\"pending\":0,\"parked\":0,\"backlog\":0,\"deadLetters\":0,\"dropped\":0,"
                        + "\"consumers\":1,\"paused\":false,\"abandoned\":false,\"state\":\"RUNNING\"}");
    }

    @Test
    void showsDeadLettersWithoutWhatTheyHold(EmbeddedRedis redis) throws Exception {
        start(redis);
        die("bad");

        HttpResponse<String> group = get("/orders/billing");

        JsonNode letter = json(group).get("newestDeadLetters").get(0);
        assertThat(letter.get("cause").asString()).contains("no account");
        assertThat(letter.get("attempts").asInt()).isEqualTo(1);
        assertThat(letter.get("headerNames").toString()).isEqualTo("[\"card\"]");
        assertThat(letter.propertyNames()).contains("id", "at").doesNotContain("payload", "headers");
        assertThat(group.body()).doesNotContain("4711");
    }

    @Test
    void showsPayloadsToWhomeverItIsTold(EmbeddedRedis redis) throws Exception {
        start(
                redis,
                "management.endpoint.pubsub.show-payloads=when-authorized",
                "management.endpoint.pubsub.roles=OPS");
        die("bad");

        assertThat(get("/orders/billing").body()).doesNotContain("payload", "4711");
        assertThat(send(request("/orders/billing").header("X-User", "alice").GET())
                        .body())
                .contains("\"payload\":\"\\\"bad\\\"\"", "\"card\":\"4711\"");
    }

    @Test
    void changesNothingUnlessItIsUnrestricted(EmbeddedRedis redis, CapturedOutput output) throws Exception {
        start(redis);

        assertThat(post("{\"action\": \"pause\"}").statusCode()).isEqualTo(405);
        assertThat(send(request("/orders/billing").DELETE()).statusCode()).isEqualTo(405);

        assertThat(billing().paused()).isFalse();
        assertThat(output).doesNotContain("io.oqronkit.pubsub.audit");
    }

    @Test
    void changesAGroupAndSaysWhoDid(EmbeddedRedis redis, CapturedOutput output) throws Exception {
        start(redis, UNRESTRICTED, "logging.pattern.console=%logger %level %msg%n");
        die("bad");

        assertThat(post("{\"action\": \"pause\"}").body()).isEqualTo("{\"paused\":true}");
        assertThat(billing().paused()).isTrue();
        assertThat(post("{\"action\": \"resume\"}").body()).isEqualTo("{\"paused\":false}");
        assertThat(billing().paused()).isFalse();
        assertThat(post("{\"action\": \"redrive\", \"id\": \"all\"}").body()).isEqualTo("{\"redriven\":1}");
        await().until(() -> billing().deadLetters() == 1);
        String id = orders.admin().deadLetters("billing", 1).get(0).id().toString();
        assertThat(post("{\"action\": \"skip\", \"id\": \"" + id + "\"}").body())
                .isEqualTo("{\"skipped\":false}");
        assertThat(post("{\"action\": \"redrive\", \"id\": \"" + id + "\"}").body())
                .isEqualTo("{\"redriven\":1}");
        assertThat(post("{\"action\": \"replay\", \"position\": \"earliest\"}").body())
                .isEqualTo("{\"replayedFrom\":\"earliest\"}");
        assertThat(send(request("/orders/billing").DELETE()).body()).isEqualTo("{\"deleted\":true}");

        assertThat(output.getOut().lines().filter(line -> line.contains("io.oqronkit.pubsub.audit")))
                .containsExactly(
                        "io.oqronkit.pubsub.audit INFO pause topic=orders group=billing by=ali?ce: {paused=true}",
                        "io.oqronkit.pubsub.audit INFO resume topic=orders group=billing by=ali?ce: {paused=false}",
                        "io.oqronkit.pubsub.audit INFO redrive id=all topic=orders group=billing by=ali?ce: {redriven=1}",
                        "io.oqronkit.pubsub.audit INFO skip id=%s topic=orders group=billing by=ali?ce: {skipped=false}"
                                .formatted(id),
                        "io.oqronkit.pubsub.audit INFO redrive id=%s topic=orders group=billing by=ali?ce: {redriven=1}"
                                .formatted(id),
                        "io.oqronkit.pubsub.audit INFO replay position=earliest topic=orders group=billing by=ali?ce: {replayedFrom=earliest}",
                        "io.oqronkit.pubsub.audit INFO delete topic=orders group=billing by=anonymous: {deleted=true}");
    }

    @Test
    void refusesWhatItDoesNotUnderstandInTheLibrarysWords(EmbeddedRedis redis) throws Exception {
        start(redis, UNRESTRICTED);

        assertRefused(post("{\"action\": \"explode\"}"), 400, "pause, resume, skip, replay, redrive");
        assertRefused(post("{\"action\": \"replay\"}"), 400, "replay needs 'position'");
        assertRefused(post("{\"action\": \"replay\", \"position\": \"soon\"}"), 400, "ISO-8601");
        assertRefused(post("{\"action\": \"redrive\"}"), 400, "redrive needs 'id'");
        assertRefused(post("{\"action\": \"redrive\", \"id\": \"7\"}"), 400, "is not of the form");
        assertRefused(get("/orderz"), 404, "it has [orders, payments]");
        assertRefused(get("/orders/biling"), 404, "its groups are [billing]");
        assertRefused(send(request("/orders/biling").DELETE()), 404, "its groups are [billing]");
        assertThat(post("{}").statusCode()).isEqualTo(400);
    }

    @Test
    void saysThatRedisIsAway(EmbeddedRedis redis) throws Exception {
        start(redis);
        redis.kill();
        try {
            assertRefused(get(""), 503, "Redis");
        } finally {
            redis.restart();
        }
    }

    @Test
    void isNotThereUnlessExposed(EmbeddedRedis redis) throws Exception {
        start(redis, "management.endpoints.web.exposure.include=health");

        assertThat(get("").statusCode()).isEqualTo(404);
        assertThat(context.getBeansOfType(PubSubEndpoint.class)).isEmpty();
    }

    private void start(EmbeddedRedis redis, String... properties) {
        context = new SpringApplicationBuilder(Application.class)
                .properties(
                        "spring.data.redis.url=" + GuideUsers.app(redis),
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "management.endpoints.web.exposure.include=pubsub",
                        "management.health.redis.enabled=false")
                .properties(properties)
                .run();
        orders = context.getBean(PubSub.class).topic("orders", String.class);
    }

    private void die(String payload) {
        orders.publish(OutgoingMessage.of(payload).header("card", "4711"));
        await().until(() -> billing().deadLetters() == 1);
    }

    private GroupStats billing() {
        return orders.admin().stats().groups().get("billing");
    }

    private static void assertRefused(HttpResponse<String> response, int status, String why) {
        assertThat(response.body()).contains("\"error\"").contains(why);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    /** By a user whose name would break lines: HTTP itself forbids line breaks in headers, not tabs. */
    private HttpResponse<String> post(String body) throws Exception {
        return send(request("/orders/billing")
                .header("X-User", "ali\tce")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private HttpRequest.Builder request(String path) {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/pubsub" + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JsonMapper.shared().readTree(response.body());
    }
}
