package io.oqronkit.pubsub.spring;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.event.DefaultEventPublisherOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A Lettuce client for PubSub alone, made from the configuration of the application's own: same servers, credentials,
 * database, TLS and threads, with the client options the guarantees rest on. Retrying is the library's, since it alone knows
 * what is safe to send again, and so is reconnecting, but for the nodes of a cluster; the command timeout is the library's,
 * since readers block; and nothing is read from replicas, which may not have what was just written.
 */
final class PubSubRedisClient implements AutoCloseable {

    /** How long a node of a cluster that does not answer holds up the look at all of them. */
    private static final Duration LOOK_AT_A_NODE = Duration.ofSeconds(2);

    /** The next Sentinel is asked only then. */
    private static final Duration ASK_A_SENTINEL = Duration.ofSeconds(1);

    /** Of a node of a cluster; elsewhere the library reconnects. */
    private static final Delay RECONNECT_DELAY =
            Delay.fullJitter(Duration.ofMillis(10), Duration.ofSeconds(1), 10, TimeUnit.MILLISECONDS);

    private final ClientResources resources;
    private final LettuceConnectionFactory factory;

    PubSubRedisClient(LettuceConnectionFactory application) {
        LettuceClientConfiguration client = application.getClientConfiguration();
        this.resources =
                client.getClientResources().map(PubSubRedisClient::untraced).orElseGet(PubSubRedisClient::fresh);
        this.factory = new LettuceConnectionFactory(
                servers(application), client(client, resources, application.isClusterAware(), timeout(application)));
        factory.setShareNativeConnection(false);
        factory.afterPropertiesSet();
        factory.start();
    }

    /** Of commands there is none here; it bounds how long a server is waited for that is only asked about the others. */
    private static Duration timeout(LettuceConnectionFactory application) {
        if (application.isClusterAware()) {
            return LOOK_AT_A_NODE;
        }
        Duration own = application.getClientConfiguration().getCommandTimeout();
        return application.isRedisSentinelAware() && own.compareTo(ASK_A_SENTINEL) > 0 ? ASK_A_SENTINEL : own;
    }

    private static ClientResources fresh() {
        return ClientResources.builder().reconnectDelay(RECONNECT_DELAY).build();
    }

    private static RedisConfiguration servers(LettuceConnectionFactory application) {
        if (application.getClusterConfiguration() != null) {
            return application.getClusterConfiguration();
        }
        if (application.getSentinelConfiguration() != null) {
            return application.getSentinelConfiguration();
        }
        if (application.getSocketConfiguration() != null) {
            return application.getSocketConfiguration();
        }
        return application.getStandaloneConfiguration();
    }

    private static LettuceClientConfiguration client(
            LettuceClientConfiguration application, ClientResources resources, boolean cluster, Duration timeout) {
        LettuceClientConfigurationBuilder own = LettuceClientConfiguration.builder()
                .clientOptions(options(application.getClientOptions().orElseGet(ClientOptions::create), cluster))
                .clientResources(resources)
                .commandTimeout(timeout)
                .shutdownTimeout(application.getShutdownTimeout())
                .shutdownQuietPeriod(application.getShutdownQuietPeriod());
        application.getClientName().ifPresent(own::clientName);
        application.getRedisCredentialsProviderFactory().ifPresent(own::redisCredentialsProviderFactory);
        if (application.isUseSsl()) {
            var ssl = own.useSsl().verifyPeer(application.getVerifyMode());
            if (application.isStartTls()) {
                ssl.startTls();
            }
        }
        return own.build();
    }

    /**
     * The application's, without its tracing: a span for each command would be one for each read that waits, and they wait
     * all the time. What is handed over here is shared, and runs on when these are shut down; {@code mutate()} would make
     * threads of its own.
     */
    static ClientResources untraced(ClientResources application) {
        return ClientResources.builder()
                .eventLoopGroupProvider(application.eventLoopGroupProvider())
                .eventExecutorGroup(application.eventExecutorGroup())
                .timer(application.timer())
                .eventBus(application.eventBus())
                .commandLatencyRecorder(application.commandLatencyRecorder())
                .commandLatencyPublisherOptions(DefaultEventPublisherOptions.disabled()) // the application's does it
                .socketAddressResolver(application.socketAddressResolver())
                .addressResolverGroup(application.addressResolverGroup())
                .nettyCustomizer(application.nettyCustomizer())
                .reconnectDelay(RECONNECT_DELAY)
                .build();
    }

    /** Commands are rejected while there is no connection, so that none waits unseen, or is sent a second time. */
    static ClientOptions options(ClientOptions application, boolean cluster) {
        SocketOptions socket = application.getSocketOptions();
        ClientOptions ours = application
                .mutate()
                .protocolVersion(ProtocolVersion.RESP3)
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(
                        socket.isKeepAlive()
                                ? socket
                                : socket.mutate().keepAlive(true).build())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .build();
        return cluster ? OqronPubSub.clusterOptions(ours) : ours;
    }

    /** @param why what is there instead of one usable factory */
    static StartRefusedException refused(String why) {
        return new StartRefusedException(
                "PubSub needs one LettuceConnectionFactory for standalone, Sentinel or Cluster Redis, but " + why + ".",
                "Configure spring.data.redis with Lettuce on the classpath and no spring.data.redis.client-type=jedis,"
                        + " choose one of several factories with @OqronRedis, @Primary or"
                        + " 'oqronkit.pubsub.connection-factory', or define a PubSub bean of your own.",
                null);
    }

    AbstractRedisClient client() {
        return factory.getRequiredNativeClient();
    }

    @Override
    public void close() {
        factory.destroy();
        resources.shutdown();
    }
}
