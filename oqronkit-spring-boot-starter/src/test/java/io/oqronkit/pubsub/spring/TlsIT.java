package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Over TLS with an SSL bundle, as the user of the guide; what is not to be trusted ends the start and tells no secret. */
@ExtendWith(OutputCaptureExtension.class)
class TlsIT {

    private static Certificates ours;
    private static Certificates others;
    private static EmbeddedRedis redis;
    private static int tlsPort;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Handler handler() {
            return new Handler();
        }
    }

    static final class Handler {
        final List<String> handled = new CopyOnWriteArrayList<>();

        @OqronSubscriber(topic = "orders", group = "billing")
        void on(String order) {
            handled.add(order);
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        ours = new Certificates(folder.resolve("ours"));
        others = new Certificates(folder.resolve("others"));
        ours.sign("server", "ip:127.0.0.1");
        ours.sign("elsewhere", "dns:redis.example");
        tlsPort = unusedPort();
        redis = server("server", tlsPort);
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void publishesAndHandlesOverTls() throws Exception {
        try (ConfigurableApplicationContext application = run(tlsPort, ours.authority())) {
            application.getBean(PubSub.class).topic("orders", String.class).publish("o-1");

            List<String> handled = application.getBean(Handler.class).handled;
            await().until(() -> handled.equals(List.of("o-1")));
        }
    }

    @Test
    void aCertificateOfAnotherAuthorityOfTheSameNameEndsTheStart(CapturedOutput output) {
        assertRefused(() -> run(tlsPort, others.authority()).close(), output, "the TLS handshake failed: ");
    }

    @Test
    void aCertificateForAnotherHostEndsTheStart(CapturedOutput output) throws Exception {
        int port = unusedPort();
        try (EmbeddedRedis elsewhere = server("elsewhere", port)) {
            assertThat(elsewhere.isRunning()).isTrue();
            assertRefused(() -> run(port, ours.authority()).close(), output, "127.0.0.1 found");
        }
    }

    private static void assertRefused(ThrowingCallable start, CapturedOutput output, String reason) {
        assertThatThrownBy(start).satisfies(failure -> {
            StringWriter all = new StringWriter();
            failure.printStackTrace(new PrintWriter(all));
            assertThat(all.toString()).doesNotContain("guide-secret");
        });
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("PubSub cannot start: cannot connect to Redis: ")
                .contains(reason)
                .contains("spring.data.redis.ssl")
                .doesNotContain("guide-secret");
    }

    private static ConfigurableApplicationContext run(int port, Path authority) {
        String url = "spring.data.redis.url=" + GuideUsers.app(redis).replace("redis://", "rediss://");
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(
                        url.replaceAll(":\\d+$", ":" + port),
                        "spring.data.redis.ssl.bundle=redis",
                        "spring.ssl.bundle.pem.redis.truststore.certificate=" + authority.toUri())
                .run();
    }

    private static EmbeddedRedis server(String name, int port) {
        try {
            return EmbeddedRedis.builder()
                    .setting("tls-port", Integer.toString(port))
                    .setting("tls-cert-file", ours.file(name + ".pem").toString())
                    .setting("tls-key-file", ours.file(name + ".key").toString())
                    .setting("tls-ca-cert-file", ours.authority().toString())
                    .setting("tls-auth-clients", "no")
                    .start();
        } catch (EmbeddedRedisException e) {
            assumeThat(e.getMessage()).as("a server that was built with TLS").doesNotContain("tls-port");
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int unusedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
