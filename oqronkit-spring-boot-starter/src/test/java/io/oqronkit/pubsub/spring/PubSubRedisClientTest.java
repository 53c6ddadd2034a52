package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Our own client: the application's servers, our options. No test here connects. */
class PubSubRedisClientTest {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

    @Test
    void setsTheOptionsTheGuaranteesNeedAndKeepsTheOthers() {
        ClientOptions application = ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP2)
                .requestQueueSize(77)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofMillis(1234))
                        .build())
                .build();

        ClientOptions ours = PubSubRedisClient.options(application, false);

        assertThat(ours.getProtocolVersion()).isEqualTo(ProtocolVersion.RESP3);
        assertThat(ours.isAutoReconnect()).isFalse();
        assertThat(ours.getDisconnectedBehavior()).isEqualTo(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
        assertThat(ours.getTimeoutOptions().isTimeoutCommands()).isFalse();
        assertThat(ours.getSocketOptions().isKeepAlive()).isTrue();
        assertThat(ours.getSocketOptions().getConnectTimeout()).isEqualTo(Duration.ofMillis(1234));
        assertThat(ours.getRequestQueueSize()).isEqualTo(77);
    }

    /** Lettuce keeps the connections to the nodes there, and looks for new masters; commands are rejected all the same. */
    @Test
    void staysAClusterClientOnAClusterAndLetsItFollowTheCluster() {
        ClientOptions ours = PubSubRedisClient.options(
                ClusterClientOptions.builder()
                        .maxRedirects(9)
                        .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                                .dynamicRefreshSources(false)
                                .build())
                        .build(),
                true);

        assertThat(ours).isInstanceOfSatisfying(ClusterClientOptions.class, cluster -> {
            assertThat(cluster.getMaxRedirects()).isEqualTo(9);
            assertThat(cluster.getRefreshPeriod()).isEqualTo(Duration.ofSeconds(5));
            assertThat(cluster.getTopologyRefreshOptions().useDynamicRefreshSources())
                    .isFalse();
            assertThat(cluster.getTopologyRefreshOptions().getAdaptiveRefreshTriggers())
                    .containsExactlyInAnyOrder(RefreshTrigger.values());
            assertThat(cluster.getTopologyRefreshOptions().getAdaptiveRefreshTimeout())
                    .isEqualTo(Duration.ofSeconds(1));
        });
        assertThat(ours.isAutoReconnect()).isTrue();
        assertThat(ours.getDisconnectedBehavior()).isEqualTo(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS);
        assertThat(ours.getProtocolVersion()).isEqualTo(ProtocolVersion.RESP3);
        assertThat(ours.getSocketOptions().isKeepAlive()).isTrue();
    }

    @Test
    void sharesThreadsWithTheApplicationAndLeavesThemRunning() {
        runner.withPropertyValues("spring.data.redis.host=redis.example", "spring.data.redis.client-name=orders")
                .run(context -> {
                    LettuceConnectionFactory application = context.getBean(LettuceConnectionFactory.class);
                    ClientResources resources = context.getBean(ClientResources.class);

                    PubSubRedisClient client = new PubSubRedisClient(application);
                    assertThat(client.client()).isInstanceOf(RedisClient.class);
                    assertThat(client.client().getResources().eventLoopGroupProvider())
                            .isSameAs(resources.eventLoopGroupProvider());
                    assertThat(client.client().getResources().eventExecutorGroup())
                            .isSameAs(resources.eventExecutorGroup());
                    assertThat(client.client()).isNotSameAs(application.getNativeClient());
                    client.close();

                    assertThat(resources.eventExecutorGroup().isShuttingDown()).isFalse();
                });
    }

    @Test
    void followsTheApplicationToACluster() {
        runner.withPropertyValues("spring.data.redis.cluster.nodes=a:1,b:2").run(context -> {
            try (PubSubRedisClient client = new PubSubRedisClient(context.getBean(LettuceConnectionFactory.class))) {
                assertThat(client.client()).isInstanceOf(RedisClusterClient.class);
            }
        });
    }

    @Test
    void refusesToStartWithoutLettuce() {
        ApplicationContextRunner ours =
                new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class));

        assertThat(StartFailure.of(ours))
                .contains("needs one LettuceConnectionFactory")
                .contains("there is none");
    }

    @Test
    void refusesToGuessBetweenTwo() {
        ApplicationContextRunner ours = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
                .withBean("one", RedisConnectionFactory.class, LettuceConnectionFactory::new)
                .withBean("two", RedisConnectionFactory.class, LettuceConnectionFactory::new);

        assertThat(StartFailure.of(ours))
                .contains("needs one LettuceConnectionFactory")
                .contains("@Primary");
    }

    @Test
    void refusesStaticMasterReplica() {
        ApplicationContextRunner ours = runner.withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
                .withPropertyValues("spring.data.redis.masterreplica.nodes=a:1,b:2");

        assertThat(StartFailure.of(ours)).contains("spring.data.redis.masterreplica.nodes is set");
    }
}
